/** The rows of the waterfall: the job itself, then its steps and phases in the order of the plan. */

import type { Event, Job } from "@headway/client";
import type { Step } from "../reads";
import { type Stretch, type Try, triesOf } from "./stretches";

export interface Bar {
  from: number;
  to: number | null;
  /** A state of a step, or what the job was doing. */
  look: string;
  attempt: number;
}

export interface Row {
  /** Null for the job itself. */
  name: string | null;
  state: string;
  bars: readonly Bar[];
  step: Step | null;
  /** How long it took in all its tries, in milliseconds, but for an open one. */
  spent: number;
}

/** What it took is what the job says: its history may be too long to be read. */
export function jobRow({ state, active_s }: Pick<Job, "state" | "active_s">, stretches: readonly Stretch[]): Row {
  const bars = stretches.map(({ doing, from, to, attempt }) => ({ look: doing, from, to, attempt }));
  return { name: null, state, bars, step: null, spent: active_s * 1000 };
}

const ENDS = new Set(["completed", "failed", "cancelled", "interrupted", "rolled_back", "rollback_failed"]);

/** Where the work of a job came to the end that its state tells; null while it has none. */
export function endOf({ name, state, bars }: Row): number | null {
  if (name !== null || !ENDS.has(state)) return null;
  const last = bars.at(-1);
  return last?.look === "lost" ? last.from : (last?.to ?? null);
}

/** In percent of what is seen. */
const FRAGMENT = 0.5;

/** Not worth a bar: it would be a fragment at the edge. */
export function isFragment(bar: Bar, width: number): boolean {
  return bar.look === "queued" && bar.to !== null && width < FRAGMENT;
}

export function stepRows(steps: readonly Step[], events: readonly Event[]): Row[] {
  const tries = triesOf(events);
  return steps.map((step) => {
    const bars = barsOf(step, tries.get(step.name) ?? []);
    return { name: step.name, state: bars.at(-1)?.look ?? step.state, bars, step, spent: spentIn(bars) };
  });
}

/** The history knows every try; the step itself only its last, but also where the history is too long to be read. */
function barsOf(step: Step, tries: readonly Try[]): Bar[] {
  if (tries.length > 0) return tries.map(({ from, to, state, attempt }) => ({ from, to, look: state, attempt }));
  if (step.started_at === null) return [];
  const to = step.ended_at === null ? null : Date.parse(step.ended_at);
  return [{ from: Date.parse(step.started_at), to, look: step.state, attempt: step.attempt }];
}

function spentIn(bars: readonly Bar[]): number {
  return bars.reduce((sum, bar) => sum + (bar.to === null ? 0 : bar.to - bar.from), 0);
}

/** What a row took until now: its open try counts too. */
export function spentUntil(row: Row, now: number): number {
  const open = row.bars.find((bar) => bar.to === null && !IDLE.has(bar.look));
  return row.spent + (open === undefined ? 0 : Math.max(0, now - open.from));
}

const IDLE = new Set(["queued", "paused", "lost"]);
const SHORTEST_MS = 10_000;
/** How many steps the end of the axis goes while the time doubles: so seldom everything else moves. */
const STEPS = 8;

/** Where the axis ends while the job goes on: a little after now, so that only what goes on moves. */
export function roundedEnd(from: number, now: number): number {
  const elapsed = Math.max(now - from, SHORTEST_MS);
  const unit = 2 ** Math.floor(Math.log2(elapsed)) / STEPS;
  return from + (Math.floor(elapsed / unit) + 1) * unit;
}
