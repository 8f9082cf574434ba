/** How many jobs of a session may run at once, who does, and who waits. */

import type { Job, Session } from "@headway/client";
import { useJobs } from "@headway/client/react";
import { Progress } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useCounts } from "../../data/counts";
import { Moment } from "../../parts/moment";
import { Status } from "../../parts/status";
import { Trouble } from "../../parts/trouble";
import { concurrency as words } from "../../text/sessions";
import { states } from "../../text/states";
import { exact } from "../../text/words";
import { quoted } from "../jobs/words";
import { limitOf } from "./listing";
import css from "./sessions.module.css";

const SHOWN = 200;
const HOLDING = new Set(["running", "pausing", "cancelling"]);

export function Concurrency({ session }: { session: Session }) {
  const filter = useMemo(() => ({ session: session.id, active: true, limit: SHOWN }), [session.id]);
  const { jobs, error } = useJobs(filter);
  const holding = jobs.filter((job) => HOLDING.has(job.state) && !job.marks.waiting_for);
  const waiting = jobs.filter((job) => job.state === "pending");
  const others = useOthers(session.id);
  const limit = limitOf(session);
  return (
    <>
      <dl className={css.figures}>
        <Figure name={words.limit} value={limit === null ? words.noLimit : exact(limit)} />
        <Figure name={words.running} value={exact(session.running)} />
        {Object.entries(others).map(([state, n]) => (
          <Figure key={state} name={state === "pending" ? words.waiting : (states[state] ?? state)} value={exact(n)} />
        ))}
      </dl>
      {limit !== null && (
        <>
          <Progress
            value={Math.min(100, (session.running / limit) * 100)}
            size="sm"
            aria-label={words.use(session.running, limit)}
            className={css.places}
          />
          <p className={css.quiet}>{words.free(Math.max(0, limit - session.running))}</p>
        </>
      )}
      <Trouble error={error} />
      <h2 className={css.heading}>{words.holders}</h2>
      {holding.length === 0 ? <p className={css.quiet}>{words.none}</p> : <List jobs={holding} />}
      {waiting.length > 0 && (
        <>
          <h2 className={css.heading}>{words.waitingFor}</h2>
          <List jobs={waiting} />
        </>
      )}
    </>
  );
}

/** Open jobs that hold no place, by state; those that wait are told also where there is none. */
function useOthers(session: string): Record<string, number> {
  const counts = useCounts(`session:${quoted(session)} is:active`) ?? {};
  const others = Object.entries(counts).filter(([state, n]) => n > 0 && !HOLDING.has(state) && state !== "pending");
  return { pending: counts.pending ?? 0, ...Object.fromEntries(others) };
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="hw-figures">{value}</dd>
    </div>
  );
}

function List({ jobs }: { jobs: readonly Job[] }) {
  return (
    <ul className={css.list}>
      {jobs.map((job) => (
        <li key={job.id}>
          <Status state={job.state} />
          <Link to="/jobs/$id" params={{ id: String(job.number) }} className={css.name}>
            {job.name}
          </Link>
          <span className={css.quiet}>{job.marks.waiting_for ?? ""}</span>
          <Moment at={job.state_since} />
        </li>
      ))}
    </ul>
  );
}
