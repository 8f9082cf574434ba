/** The newest jobs of a session, live. */

import type { Job, Session } from "@headway/client";
import { useJobs } from "@headway/client/react";
import { Link } from "@tanstack/react-router";
import { memo, useMemo } from "react";
import { Bar } from "../../parts/bar";
import { Empty } from "../../parts/empty";
import { Moment } from "../../parts/moment";
import { JobStatus } from "../../parts/status";
import table from "../../parts/table.module.css";
import { Trouble } from "../../parts/trouble";
import { Waiting } from "../../parts/waiting";
import { sessionJobs as words } from "../../text/sessions";
import css from "./sessions.module.css";

const SHOWN = 50;

export function SessionJobs({ session: { id: session, job_type } }: { session: Session }) {
  const filter = useMemo(() => ({ session, limit: SHOWN }), [session]);
  const { jobs, asOf, error } = useJobs(filter);
  if (jobs.length === 0 && asOf === null) return error === null ? <Waiting lines={4} /> : <Trouble error={error} />;
  if (jobs.length === 0) {
    return (
      <Empty kind="nothing yet" title={words.none} snippet={words.snippet(session, job_type)}>
        {job_type === null ? words.noType : words.about}
      </Empty>
    );
  }
  return (
    <>
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">{words.state}</th>
            <th scope="col">{words.name}</th>
            <th scope="col">{words.progress}</th>
            <th scope="col">{words.version}</th>
            <th scope="col">{words.since}</th>
          </tr>
        </thead>
        <tbody>
          {jobs.map((job) => (
            <Row key={job.id} job={job} />
          ))}
        </tbody>
      </table>
      <p className={css.all}>
        <Link to="/jobs" search={{ q: `session:${session}` }}>
          {words.all}
        </Link>
      </p>
    </>
  );
}

const Row = memo(function Row({ job }: { job: Job }) {
  return (
    <tr>
      <td>
        <JobStatus job={job} />
      </td>
      <th scope="row">
        <Link to="/jobs/$id" params={{ id: String(job.number) }} className={css.name}>
          {job.name}
        </Link>{" "}
        <span className={css.quiet}>{job.number}</span>
      </th>
      <td data-label={words.progress} className={css.bar}>
        <Bar progress={job.progress} state={job.state} size="sm" />
      </td>
      <td data-label={words.version} className="hw-figures">
        {job.config_version}
      </td>
      <td data-label={words.since}>
        <Moment at={job.state_since} />
      </td>
    </tr>
  );
});
