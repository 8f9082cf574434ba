/** A bar of progress. Screen readers hear how much of what is done and how long it takes; unknown is unknown, not 0. */

import type { Progress } from "@headway/client";
import { client } from "../data/client";
import { parts } from "../text/parts";
import { countedBy, lasting } from "../text/phases";
import { states } from "../text/states";
import { timeLeft } from "../text/words";
import css from "./bar.module.css";

const TONES: Record<string, string> = {
  completed: "good",
  failed: "bad",
  rollback_failed: "bad",
  paused: "held",
  pausing: "held",
  interrupted: "held",
  pending: "off",
  cancelled: "off",
  cancelling: "off",
  rolled_back: "back",
  rolling_back: "back",
};

export interface BarProps {
  progress: Progress | null;
  state: string;
  size?: "sm" | "md" | "lg";
  /** Whose progress it is, for screen readers. */
  label?: string;
}

export function Bar({ progress, state, size = "md", label = parts.progressOf }: BarProps) {
  const percent = state === "completed" ? 100 : (progress?.percent ?? null);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuetext={spoken(progress, state, percent)}
      {...range(progress, percent)}
      className={css.bar}
      data-size={size}
      data-tone={TONES[state] ?? "active"}
    >
      <Fill percent={percent} moving={state === "running"} />
    </div>
  );
}

function Fill({ percent, moving }: { percent: number | null; moving: boolean }) {
  if (percent === null) return moving ? <div className={css.unknown} /> : null;
  return <div className={css.fill} style={{ transform: `scaleX(${Math.min(Math.max(percent, 0), 100) / 100})` }} />;
}

/** The value in units where there is a total, else in percent, else none: a bar without an end has no value. */
function range(progress: Progress | null, percent: number | null) {
  if (progress?.total && !progress.of_phase) {
    return {
      "aria-valuemin": 0,
      "aria-valuemax": progress.total,
      "aria-valuenow": Math.min(progress.done, progress.total),
    };
  }
  return percent === null ? {} : { "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": percent };
}

function spoken(progress: Progress | null, state: string, percent: number | null): string {
  const done = progress === null ? "" : countedBy(lasting(progress, state));
  const share = percent === null ? "" : `${percent} %`;
  const left = progress?.eta && state === "running" ? timeLeft(progress.eta, client.now()) : null;
  const told = [done || share, left === null ? "" : parts.left(left)].filter(Boolean).join(", ");
  return state === "running" ? told || parts.noTotal : [states[state] ?? state, told].filter(Boolean).join(", ");
}
