/** A state or a mark: told by shape, word and colour, never by colour alone. */

import type { Job } from "@headway/client";
import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconCheck,
  IconCircleDashed,
  IconCircleHalf2,
  IconCircleMinus,
  IconClockPause,
  IconHourglass,
  IconPlayerPause,
  IconPlayerPlayFilled,
  IconPlayerStop,
  IconPlugConnectedX,
  IconX,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import { parts } from "../text/parts";
import { states } from "../text/states";
import css from "./status.module.css";

type Tone = "active" | "waiting" | "held" | "good" | "bad" | "off" | "back";
type Shape = ComponentType<{ size?: number | string; stroke?: number; "aria-hidden"?: boolean }>;

const LOOKS: Record<string, { tone: Tone; shape: Shape }> = {
  pending: { tone: "waiting", shape: IconCircleDashed },
  running: { tone: "active", shape: IconPlayerPlayFilled },
  pausing: { tone: "held", shape: IconClockPause },
  paused: { tone: "held", shape: IconPlayerPause },
  interrupted: { tone: "held", shape: IconPlugConnectedX },
  cancelling: { tone: "off", shape: IconPlayerStop },
  cancelled: { tone: "off", shape: IconCircleMinus },
  completed: { tone: "good", shape: IconCheck },
  failed: { tone: "bad", shape: IconX },
  rolling_back: { tone: "back", shape: IconArrowBackUp },
  rolled_back: { tone: "back", shape: IconArrowBackUp },
  rollback_failed: { tone: "bad", shape: IconAlertTriangle },
  with_warnings: { tone: "held", shape: IconAlertTriangle },
  in_part: { tone: "held", shape: IconCircleHalf2 },
  stalled: { tone: "held", shape: IconHourglass },
  ok: { tone: "good", shape: IconCheck },
  warning: { tone: "held", shape: IconAlertTriangle },
  failing: { tone: "bad", shape: IconX },
};

const UNKNOWN = { tone: "off", shape: IconCircleDashed } as const;

export interface StatusProps {
  state: string;
  /** Said instead of the state's own word, such as "Pausing…" before the server has answered. */
  label?: string;
  /** Only the shape, with the word for screen readers. */
  brief?: boolean;
  /** What more there is to know, when one points at it. */
  title?: string | undefined;
}

export function Status({ state, label, brief = false, title }: StatusProps) {
  const { tone, shape: Icon } = LOOKS[state] ?? UNKNOWN;
  const word = label ?? states[state] ?? state;
  return (
    <span
      className={css.status}
      data-state={state}
      data-tone={tone}
      data-brief={brief || undefined}
      title={title ?? (brief ? word : undefined)}
    >
      <Icon size={14} stroke={2.2} aria-hidden />
      <span className={brief ? css.hidden : undefined}>{word}</span>
    </span>
  );
}

export interface JobStatusProps {
  job: Pick<Job, "state" | "marks" | "warnings" | "progress">;
  /** Drawn instead of the state: what was asked, or that it is stalled. */
  as?: Pick<StatusProps, "state" | "label">;
  brief?: boolean;
}

/** The state of a job with what qualifies it: "Completed with warnings", "Rolled back in part". */
export function JobStatus({ job, as, brief = false }: JobStatusProps) {
  const marks = marksOf(job);
  return (
    <span className={css.job} data-marked={marks.length > 0 || undefined}>
      <Status {...(as ?? { state: job.state })} brief={brief} />
      {marks.map((mark) => (
        <span key={mark} className={css.mark} data-mark={mark}>
          <Status state={mark} brief={brief} title={titleOf(mark, job)} />
        </span>
      ))}
    </span>
  );
}

/** The state of a job in words, with what qualifies it. */
export function stateWords(job: JobStatusProps["job"]): string {
  return [job.state, ...marksOf(job)].map((name) => states[name] ?? name).join(" ");
}

function marksOf(job: JobStatusProps["job"]): string[] {
  const warned = job.state === "completed" && job.warnings > 0;
  return ["in_part" in job.marks ? "in_part" : "", warned ? "with_warnings" : ""].filter(Boolean);
}

function titleOf(mark: string, { marks, warnings, progress }: JobStatusProps["job"]): string {
  if (mark === "in_part") return marks.in_part ?? "";
  return parts.warned(warnings, progress?.failed ?? 0);
}
