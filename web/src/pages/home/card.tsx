/** A job that is under way, or was until just now: what it does, how far it is, how fast, until when. */

import type { Job } from "@headway/client";
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import { JobActions } from "../../parts/actions";
import { Bar } from "../../parts/bar";
import { Duration } from "../../parts/duration";
import { Hidden } from "../../parts/hidden";
import { Moment } from "../../parts/moment";
import { RateAndEta } from "../../parts/rate-eta";
import { Sparkline } from "../../parts/sparkline";
import { JobStatus } from "../../parts/status";
import { Worked } from "../../parts/worked";
import { home as texts } from "../../text/home";
import { countedBy } from "../../text/phases";
import { rate } from "../../text/words";
import css from "./card.module.css";
import { stalledSince } from "./places";
import { useLeft } from "./reads";

export interface CardProps {
  job: Job;
  /** It is no longer under way: shown for a while, as it ended. */
  left: boolean;
  /** The key that opens it; null from the tenth on. */
  digit: number | null;
  rates: readonly (number | null)[];
}

/** A line needs so many samples before it says anything. */
const FEWEST = 4;

export const Card = memo(function Card({ job: seen, left, digit, rates }: CardProps) {
  const { data } = useLeft(seen.id, left);
  const job = left ? (data ?? seen) : seen;
  const stalled = stalledSince(job);
  const { progress } = job;
  return (
    <li
      className={css.card}
      data-job={job.id}
      data-left={left || undefined}
      data-stalled={stalled !== null || undefined}
    >
      <div className={css.top}>
        <JobStatus job={job} as={{ state: stalled === null ? job.state : "stalled" }} />
        <span className={css.session}>{job.session}</span>
        {job.attempt > 1 && <span className={css.session}>{texts.attempt(job.attempt)}</span>}
        {digit !== null && (
          <kbd className={css.digit} aria-hidden>
            {digit}
          </kbd>
        )}
      </div>
      <Link to="/jobs/$id" params={{ id: String(job.number) }} className={css.name} title={job.name}>
        {job.name}
      </Link>
      <div className={css.step}>
        <span className={css.doing} title={stepOf(job)}>
          {stepOf(job) || job.type}
        </span>
        <span className={css.age}>
          <Age job={job} stalled={stalled} />
        </span>
      </div>
      <Bar progress={progress} state={job.state} size="md" label={job.name} />
      <div className={css.figures}>
        <span className={css.count}>
          {progress === null ? <Running job={job} /> : countedBy(progress) || <Running job={job} />}
        </span>
        <span className={css.percent}>
          {progress?.percent === null || progress === null ? "" : `${progress.percent} %`}
        </span>
      </div>
      <div className={css.pace}>
        <RateAndEta progress={progress} state={job.state} />
      </div>
      <div className={css.foot}>
        <Speed rates={rates} unit={progress?.unit ?? null} />
        <JobActions job={job} brief />
      </div>
    </li>
  );
});

function Running({ job }: { job: Job }) {
  return job.started_at === null ? null : <Worked job={job} />;
}

function Age({ job, stalled }: { job: Job; stalled: string | number | null }) {
  if (stalled !== null) {
    return (
      <>
        {texts.stalledFor} <Duration since={stalled} />
      </>
    );
  }
  const at = job.progress?.last_progress_at ?? null;
  if (at === null) return texts.noProgress;
  return (
    <>
      <Hidden>{texts.lastProgress} </Hidden>
      <Moment at={at} />
    </>
  );
}

function Speed({ rates, unit }: { rates: readonly (number | null)[]; unit: string | null }) {
  const newest = rates.at(-1);
  if (rates.length < FEWEST || newest === undefined) return <span className={css.noLine} />;
  return <Sparkline values={rates} label={texts.throughput(rate(newest ?? 0, unit))} width={80} height={26} />;
}

function stepOf({ progress }: Job): string {
  return [progress?.phase, progress?.message].filter(Boolean).join(" · ");
}
