/** The jobs that are under way, as cards; those that have stalled come first. */

import type { Job } from "@headway/client";
import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useCommand } from "../../commands";
import { client } from "../../data/client";
import { useCounts } from "../../data/counts";
import { isLost } from "../../data/signal";
import { Moment } from "../../parts/moment";
import { Status } from "../../parts/status";
import { Trouble } from "../../parts/trouble";
import { Waiting } from "../../parts/waiting";
import { home as texts } from "../../text/home";
import { Card, stalledSince } from "./card";
import css from "./home.module.css";
import { useLastEnded } from "./reads";
import { Start } from "./start";
import { Throughput } from "./throughput";

/** More cards than these nobody looks at; the list has all of them. */
const MOST = 12;
const SAMPLE_MS = 2_000;
const MOVING = ["running", "pausing", "cancelling", "rolling_back"];

export function Active() {
  const view = useActive();
  const counts = useCounts();
  const shown = useMemo(() => ordered(view.jobs).slice(0, MOST), [view.jobs]);
  const throughput = useThroughput(shown);
  useCardKeys(shown);
  if (!view.known)
    return view.error === null ? <Waiting lines={5} /> : <Trouble error={view.error} what={texts.activeList} />;
  const lost = isLost(view.connection);
  const moving = MOVING.reduce((sum, state) => sum + (counts?.[state] ?? 0), 0);
  const pending = counts?.pending ?? 0;
  return (
    <section aria-labelledby="active" className={css.panel}>
      <div className={css.panelHead}>
        <h2 id="active">{texts.active}</h2>
        {lost && view.asOf !== null && (
          <span className={css.quiet}>
            {texts.asOf} <Moment at={view.asOf} as="clock" />
          </span>
        )}
        {pending > 0 && (
          <Link to="/jobs" search={{ q: "state:pending" }} className={css.link}>
            {texts.waiting(pending)}
          </Link>
        )}
      </div>
      {shown.length === 0 ? (
        <Idle any={counts !== null && Object.values(counts).some((n) => n > 0)} known={counts !== null} />
      ) : (
        <ul className={css.cards} data-lost={lost || undefined} aria-label={texts.activeList}>
          {shown.map((job, n) => (
            <Card key={job.id} job={job} digit={n < 9 ? n + 1 : null} rates={throughput.of(job.id)} />
          ))}
        </ul>
      )}
      {moving > shown.length && shown.length === MOST && (
        <Link to="/jobs" search={{ q: `state:${MOVING.join(",")}` }} className={css.link}>
          {texts.moreRunning(moving - shown.length)}
        </Link>
      )}
    </section>
  );
}

function useActive() {
  const [store] = useState(() => ({ q: `state:${MOVING.join(",")}`, limit: 100 }));
  const followed = useRef<ReturnType<typeof client.followJobs> | null>(null);
  const [subscribe, read] = useMemo(() => {
    const open = () => {
      followed.current ??= client.followJobs(store);
      return followed.current;
    };
    const begin = (listener: () => void) => {
      const end = open().subscribe(listener);
      return () => {
        end();
        followed.current?.close();
        followed.current = null;
      };
    };
    return [begin, () => open().getSnapshot()] as const;
  }, [store]);
  return useSyncExternalStore(subscribe, read, read);
}

/** Stalled first; else the newest first, which does not change while they run. */
function ordered(jobs: readonly Job[]): Job[] {
  const weight = (job: Job) => (stalledSince(job) === null ? 0 : 1);
  return [...jobs].sort((a, b) => weight(b) - weight(a) || b.number - a.number);
}

function useThroughput(jobs: readonly Job[]): Throughput {
  const [throughput] = useState(() => new Throughput());
  const [, setSamples] = useState(0);
  const now = useRef(jobs);
  now.current = jobs;
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.hidden) return;
      throughput.sample(now.current, client.now());
      setSamples((n) => n + 1);
    }, SAMPLE_MS);
    return () => clearInterval(timer);
  }, [throughput]);
  return throughput;
}

function useCardKeys(jobs: readonly Job[]): void {
  const navigate = useNavigate();
  const open = (digit: number) => {
    const job = jobs[digit - 1];
    if (job !== undefined) void navigate({ to: "/jobs/$id", params: { id: String(job.number) } });
  };
  useCommand({
    id: "home.card",
    keys: ["1", "2", "3", "4", "5", "6", "7", "8", "9"],
    title: texts.keys.card,
    palette: false,
    when: () => jobs.length > 0,
    run: (event) => open(Number(event?.key)),
  });
}

function Idle({ any, known }: { any: boolean; known: boolean }) {
  if (!known) return <Waiting lines={2} />;
  return any ? <LastEnded /> : <Start />;
}

function LastEnded() {
  const { data: job } = useLastEnded();
  return (
    <div className={css.idle}>
      <span>{texts.nothingRunning}.</span>
      {job && (
        <span className={css.lastJob}>
          {texts.lastJob}:{" "}
          <Link to="/jobs/$id" params={{ id: String(job.number) }} className={css.link}>
            {job.name}
          </Link>{" "}
          <Status state={job.state} /> <Moment at={job.ended_at} />
        </span>
      )}
    </div>
  );
}
