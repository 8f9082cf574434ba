/** Facts about the job, in words of one line. */

import type { Job, Progress } from "@headway/client";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Duration } from "../../parts/duration";
import { Moment } from "../../parts/moment";
import { Worked } from "../../parts/worked";
import { page as text } from "../../text/job/page";
import { parts } from "../../text/parts";
import { useBegun } from "./begun";
import { useJob, useView } from "./followed";
import css from "./head.module.css";
import { useSuccessor } from "./successor";

/** Where the job belongs: its type, session, owner and relatives. */
export function Origin({ job }: { job: Job }) {
  const successor = useSuccessor(job);
  return (
    <>
      <code className={css.type} title={text.facts.type}>
        {job.type}
      </code>
      <span>
        {text.facts.session}{" "}
        <Link to="/sessions/$id" params={{ id: job.session }}>
          {job.session}
        </Link>
      </span>
      {job.owner !== null && (
        <span>
          {text.facts.owner} {job.owner}
        </span>
      )}
      <Relative label={text.facts.parent} id={job.parent_id} />
      <Relative label={text.facts.restartedFrom} id={job.restarted_from} />
      <Relative label={text.facts.restartedAs} id={successor} />
      <Relative label={text.facts.rollbackOf} id={job.rollback_of} />
    </>
  );
}

function Relative({ label, id }: { label: string; id: string | null }) {
  if (id === null) return null;
  return (
    <span>
      {label}{" "}
      <Link to="/jobs/$id" params={{ id }}>
        …{id.slice(-8)}
      </Link>
    </span>
  );
}

export function Facts() {
  const job = useJob();
  const step = useView((view) => currentStep(view.job?.progress ?? null));
  return (
    <dl className={css.facts}>
      {job.started_at === null ? (
        <Fact label={text.facts.waiting}>
          <Duration since={job.created_at} until={job.ended_at} />
        </Fact>
      ) : (
        <Fact label={text.facts.worked} title={parts.worked}>
          <WorkedSo job={job} />
        </Fact>
      )}
      {step !== null && <Fact label={text.facts.step}>{step}</Fact>}
      <Fact label={text.facts.attempt}>
        <span className="hw-figures">{job.attempt === 0 ? text.never : job.attempt}</span>
      </Fact>
      {job.started_at === null ? (
        <Fact label={text.facts.created}>
          <Moment at={job.created_at} />
        </Fact>
      ) : (
        <Fact label={text.facts.started}>
          <Moment at={job.started_at} />
        </Fact>
      )}
      {job.ended_at !== null && (
        <Fact label={text.facts.ended}>
          <Moment at={job.ended_at} />
        </Fact>
      )}
      {job.due_at !== null && job.state === "pending" && (
        <Fact label={text.facts.due}>
          <Moment at={job.due_at} ahead />
        </Fact>
      )}
      <Kept job={job} />
      <OtherIds job={job} />
      {Object.entries(job.labels).map(([name, value]) => (
        <Fact key={name} label={name}>
          {value}
        </Fact>
      ))}
    </dl>
  );
}

function WorkedSo({ job }: { job: Job }) {
  return <Worked job={job} begun={useBegun(job)} />;
}

function Kept({ job }: { job: Job }) {
  if (job.pinned) return <Fact label={text.facts.expires}>{text.facts.pinned}</Fact>;
  if (job.expires_at === null) return null;
  return (
    <Fact label={text.facts.expires}>
      <Moment at={job.expires_at} ahead />
    </Fact>
  );
}

function OtherIds({ job }: { job: Job }) {
  if (job.aliases.length === 0) return null;
  return (
    <Fact label={text.facts.otherIds}>
      <code className={css.ids}>{job.aliases.join(", ")}</code>
    </Fact>
  );
}

function Fact({ label, title, children }: { label: string; title?: string; children: ReactNode }) {
  return (
    <div className={css.fact} title={title}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** "copy (3 of 5)" where there is a plan, else the name of the phase. */
function currentStep(progress: Progress | null): string | null {
  const phases = progress?.phases ?? [];
  const at = phases.findIndex((phase) => phase.state === "running");
  const name = phases[at]?.name ?? progress?.phase ?? null;
  if (name === null) return null;
  return at < 0 || phases.length < 2 ? name : text.stepOf(name, at + 1, phases.length);
}
