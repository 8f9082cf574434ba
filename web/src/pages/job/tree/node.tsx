/** One job in the tree. */

import type { Job } from "@headway/client";
import { IconChevronRight } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import { Bar } from "../../../parts/bar";
import { Duration } from "../../../parts/duration";
import { Status } from "../../../parts/status";
import { page } from "../../../text/job/page";
import { tree as text } from "../../../text/job/tree";
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
        <Status state={job.state} brief />
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
      <span className={css.figure}>
        {job.progress !== null && (job.progress.percent === null ? counted(job.progress) : `${job.progress.percent} %`)}
      </span>
      <span className={css.took}>
        {job.started_at !== null && <Duration since={job.started_at} until={job.ended_at} />}
      </span>
    </div>
  );
});

function BelowWords({ below }: { below: Below }) {
  return (
    <>
      {text.below(below.over, below.total)}
      {below.failed > 0 && <span className={css.bad}>, {text.failed(below.failed)}</span>}
    </>
  );
}
