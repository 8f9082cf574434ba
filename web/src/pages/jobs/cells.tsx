/** What stands in each column of a job. */

import type { Job } from "@headway/client";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useAsked } from "../../data/asked";
import { Bar } from "../../parts/bar";
import { Moment } from "../../parts/moment";
import { JobStatus } from "../../parts/status";
import { Worked } from "../../parts/worked";
import { jobs as texts } from "../../text/jobs";
import { verbs } from "../../text/parts";
import { count } from "../../text/words";
import type { cameFrom } from "./address";
import type { ColumnName } from "./columns";
import { besideOf, idsOf, labelsOf } from "./ids";
import css from "./table.module.css";

export interface CellProps {
  job: Job;
  /** The row has the focus: what can be reached by keyboard in it may be reached. */
  focused: boolean;
  /** The list that one comes from, for next and previous on the page of the job. */
  from: ReturnType<typeof cameFrom>;
}

export const CELLS: Record<ColumnName, (props: CellProps) => ReactNode> = {
  status: ({ job }) => <Shown job={job} />,
  name: ({ job, from }) => <Name job={job} from={from} />,
  type: ({ job }) => <span className={css.quiet}>{job.type}</span>,
  ids: ({ job }) => <Told told={idsOf(job)} />,
  labels: ({ job }) => <Told told={labelsOf(job)} />,
  number: ({ job }) => <span className={css.number}>{job.number}</span>,
  session: ({ job }) => <span className={css.quiet}>{job.session}</span>,
  owner: ({ job }) => <span className={css.quiet}>{job.owner ?? texts.none}</span>,
  category: ({ job }) => <span className={css.quiet}>{job.category}</span>,
  queue: ({ job }) => <span className={css.quiet}>{job.queue}</span>,
  progress: ({ job }) => <Progressed job={job} />,
  duration: ({ job }) => <Lasted job={job} />,
  started: ({ job, focused }) => <At at={job.started_at} focused={focused} />,
  created: ({ job, focused }) => <At at={job.created_at} focused={focused} />,
  ended: ({ job, focused }) => <At at={job.ended_at} focused={focused} />,
  attempts: ({ job }) => <span className={css.quiet}>{job.attempt || texts.none}</span>,
};

export function isStalled(job: Job): boolean {
  return "stalled_since" in job.marks || (job.progress?.stalled_since ?? null) !== null;
}

/** The state, or what was just asked for. */
function Shown({ job }: { job: Job }) {
  const asked = useAsked(job);
  if (asked !== null) return <JobStatus job={job} as={{ state: job.state, label: verbs[asked.verb].doing }} />;
  return <JobStatus job={job} as={{ state: job.state === "running" && isStalled(job) ? "stalled" : job.state }} />;
}

function Told({ told }: { told: readonly string[] }) {
  const words = told.join(", ");
  return (
    <span className={css.quiet} title={words || undefined}>
      {words || texts.none}
    </span>
  );
}

function Name({ job, from }: Pick<CellProps, "job" | "from">) {
  const beside = besideOf(job);
  return (
    <span className={css.name}>
      <Link
        to="/jobs/$id"
        params={{ id: String(job.number) }}
        search={from}
        preload={false}
        tabIndex={-1}
        className={css.link}
        title={job.name}
      >
        {job.name}
      </Link>
      {beside !== null && (
        <span className={css.beside} data-id={job.type === job.name || undefined}>
          {beside}
        </span>
      )}
    </span>
  );
}

function Progressed({ job }: { job: Job }) {
  const percent = job.state === "completed" ? 100 : (job.progress?.percent ?? null);
  const done = job.progress?.of_phase ? 0 : (job.progress?.done ?? 0);
  const waits = job.marks.waiting_for;
  if (waits !== undefined && done === 0) {
    const words = texts.waitingFor(waits);
    return (
      <span className={css.waits} title={words}>
        {words}
      </span>
    );
  }
  if (job.progress === null && job.state !== "running") return <span className={css.quiet}>{texts.none}</span>;
  return (
    <span className={css.progress}>
      <Bar progress={job.progress} state={job.state} size="sm" label={job.name} />
      <span className={css.percent}>{percent !== null ? `${percent} %` : done > 0 ? count(done) : ""}</span>
    </span>
  );
}

function Lasted({ job }: { job: Job }) {
  if (job.started_at === null) return <span className={css.quiet}>{texts.none}</span>;
  return <Worked job={job} />;
}

function At({ at, focused }: { at: string | null; focused: boolean }) {
  return at === null ? <span className={css.quiet}>{texts.none}</span> : <Moment at={at} plain={!focused} />;
}
