/** One job in the tree. */

import type { Job, Progress } from "@headway/client";
import { IconChevronRight } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import { Bar } from "../../../parts/bar";
import { JobStatus } from "../../../parts/status";
import { Worked } from "../../../parts/worked";
import { page } from "../../../text/job/page";
import { tree as text } from "../../../text/job/tree";
import { parts } from "../../../text/parts";
import { counted } from "../../../text/words";
import type { Below, Row } from "./rows";
import css from "./tree.module.css";

export interface NodeProps {
  row: Row;
  /** The job whose page this is. */
  here: boolean;
  /** On which the keys are. */
  active: boolean;
  onGo: (id: string) => void;
  onClose: (id: string, closed: boolean) => void;
  onOpen: (job: Job) => void;
}

const INDENT_PX = 20;
const DEEPEST = 12;

export const Node = memo(function Node({ row, here, active, onGo, onClose, onOpen }: NodeProps) {
  const { job, level, place, sisters, children, open, below } = row;
  const indent = Math.min(level - 1, DEEPEST) * INDENT_PX;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree takes the keys for all of its nodes
    <div
      role="treeitem"
      id={`node-${job.id}`}
      aria-level={level}
      aria-posinset={place}
      aria-setsize={sisters}
      aria-selected={active}
      aria-current={here ? "page" : undefined}
      {...(children > 0 ? { "aria-expanded": open } : {})}
      tabIndex={-1}
      className={css.node}
      data-active={active || undefined}
      data-here={here || undefined}
      onClick={() => onGo(job.id)}
      onDoubleClick={() => onOpen(job)}
    >
      <span className={css.indent} style={{ width: indent }} />
      <span className={css.twist}>
        {children > 0 && (
          <button
            type="button"
            tabIndex={-1}
            className={css.toggle}
            data-open={open || undefined}
            aria-label={text.toggle(job.name)}
            onClick={(event) => {
              event.stopPropagation();
              onClose(job.id, open);
            }}
          >
            <IconChevronRight size={14} stroke={2.2} aria-hidden />
          </button>
        )}
      </span>
      <span className={css.status}>
        <JobStatus job={job} brief />
      </span>
      <Link
        to="/jobs/$id"
        params={{ id: String(job.number) }}
        className={css.name}
        tabIndex={-1}
        title={`${job.name} (${job.type})`}
      >
        {job.name}
      </Link>
      <span className={css.number}>#{job.number}</span>
      {here && <span className={css.here}>{text.here}</span>}
      <span className={css.below}>{children > 0 && <BelowWords below={below} />}</span>
      <span className={css.progress}>
        {job.progress !== null && (
          <Bar progress={job.progress} state={job.state} size="sm" label={page.progressOf(job.name)} />
        )}
      </span>
      <span className={css.figure}>{job.progress !== null && figureOf(job.progress)}</span>
      <span className={css.took} title={parts.worked}>
        {job.started_at !== null && <Worked job={job} />}
      </span>
    </div>
  );
});

/** Counts of a phase are not the job's, and their name has no room here. */
function figureOf(progress: Progress): string {
  if (progress.percent !== null) return `${progress.percent} %`;
  return progress.of_phase ? "" : counted(progress);
}

function BelowWords({ below }: { below: Below }) {
  return (
    <>
      {text.below(below.over, below.total)}
      {below.failed > 0 && <span className={css.bad}>, {text.failed(below.failed)}</span>}
    </>
  );
}
