/** How many jobs of a session may run at once, who does, and who waits. */

import type { Job, Session } from "@headway/client";
import { useJobs } from "@headway/client/react";
import { Progress } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { Moment } from "../../parts/moment";
import { Status } from "../../parts/status";
import { Trouble } from "../../parts/trouble";
import { concurrency as words } from "../../text/sessions";
import { exact } from "../../text/words";
import { limitOf } from "./listing";
import css from "./sessions.module.css";

const SHOWN = 200;
const HOLDING = new Set(["running", "pausing", "cancelling"]);

export function Concurrency({ session }: { session: Session }) {
  const filter = useMemo(() => ({ session: session.id, active: true, limit: SHOWN }), [session.id]);
  const { jobs, error } = useJobs(filter);
  const holding = jobs.filter((job) => HOLDING.has(job.state) && !job.marks.waiting_for);
  const waiting = jobs.filter((job) => job.state === "pending");
  const limit = limitOf(session);
  return (
    <>
      <dl className={css.figures}>
        <Figure name={words.limit} value={limit === null ? words.noLimit : exact(limit)} />
        <Figure name={words.running} value={exact(session.running)} />
        <Figure name={words.waiting} value={exact(Math.max(0, session.open_jobs - session.running))} />
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
