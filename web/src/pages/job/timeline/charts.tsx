/** How the progress went, and how fast. */

import type { Event } from "@headway/client";
import { type ReactNode, useDeferredValue, useMemo, useSyncExternalStore } from "react";
import { Chart } from "../../../parts/chart";
import { timeline as text } from "../../../text/job/timeline";
import { exact, rate, size } from "../../../text/words";
import { useJob, useView } from "../followed";
import { knownPoints, levelled, withSamples } from "./known";
import { type Sample, samplesOf } from "./samples";
import { stretchesOf } from "./stretches";
import css from "./timeline.module.css";

export function Charts({ events }: { events: readonly Event[] }) {
  const job = useJob();
  const samples = samplesOf(job.id);
  const seen = useDeferredValue(useSyncExternalStore(samples.subscribe, samples.list));
  const unit = useView((view) => view.job?.progress?.unit ?? null);
  const points = useMemo(
    () => levelled(withSamples(knownPoints(job, events), seen), stretchesOf(events)),
    [job, events, seen],
  );
  if (points.length < 2) return null;
  return (
    <div className={css.charts}>
      <ProgressChart points={points} unit={unit} />
      <ThroughputChart seen={seen} unit={unit} />
    </div>
  );
}

function ProgressChart({ points, unit }: { points: readonly Sample[]; unit: string | null }) {
  const inPercent = points.some((point) => point.percent !== null && point.percent > 0);
  const times = points.map((point) => point.at);
  const values = points.map((point) => (inPercent ? point.percent : point.done));
  const format = inPercent
    ? percent
    : (value: number) => (unit === "B" ? size(value) : `${exact(value)} ${unit ?? ""}`.trim());
  return (
    <Framed title={text.progress} about={text.sinceOpen}>
      <Chart
        label={text.progress}
        times={times}
        series={[{ label: text.done, values, filled: true }]}
        format={format}
        {...(inPercent ? { range: [0, 100] as const } : {})}
      />
    </Framed>
  );
}

function ThroughputChart({ seen, unit }: { seen: readonly Sample[]; unit: string | null }) {
  const moving = seen.filter((point) => point.rate !== null);
  if (moving.length < 2) return null;
  return (
    <Framed title={text.throughput} about={text.sinceOpened}>
      <Chart
        label={text.throughput}
        times={moving.map((point) => point.at)}
        series={[{ label: text.rate, values: moving.map((point) => point.rate), color: "--hw-state-active" }]}
        format={(value) => rate(value, unit)}
      />
    </Framed>
  );
}

function Framed({ title, about, children }: { title: string; about: string; children: ReactNode }) {
  return (
    <section className={css.chart} aria-label={title}>
      <h2 className={css.heading}>{title}</h2>
      <p className={css.about}>{about}</p>
      {children}
    </section>
  );
}

function percent(value: number): string {
  return `${Math.round(value)} %`;
}
