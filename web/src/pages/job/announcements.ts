/** What a screen reader is told of a job: quarters, changes of state, stalls; never two within half a minute. */

export interface Seen {
  state: string;
  percent: number | null;
  stalled: boolean;
}

export type Said = { what: "state"; state: string } | { what: "percent"; percent: number } | { what: "stalled" };

/** What was said and seen so far. */
export interface Heard {
  seen: Seen | null;
  /** The highest quarter that was reached. */
  quarter: number;
  saidAt: number;
  /** What waits for the half minute to be over, or for a passing state to settle; the newest alone. */
  held: Said | null;
  heldAt: number;
}

const APART_MS = 30_000;
/** So long a state that leads to another one is not said: that one is. */
const SETTLES_MS = 10_000;
const PASSING = new Set(["pending", "pausing", "cancelling"]);
const QUARTERS = [75, 50, 25];

export const UNHEARD: Heard = { seen: null, quarter: 0, saidAt: Number.NEGATIVE_INFINITY, held: null, heldAt: 0 };

/** What to say now, if anything, and what to remember. Milliseconds. */
export function hear(heard: Heard, seen: Seen, now: number): { say: Said | null; heard: Heard } {
  const quarter = quarterOf(seen.percent);
  const news = heard.seen === null ? null : changed(heard.seen, heard.quarter, seen, quarter);
  const held = news ?? heard.held;
  const heldAt = news === null ? heard.heldAt : now;
  const remembered = { seen, quarter: Math.max(quarter, heard.quarter), heldAt };
  const early = now - heard.saidAt < APART_MS || (passes(held) && now - heldAt < SETTLES_MS);
  if (held === null || early) return { say: null, heard: { ...heard, ...remembered, held } };
  return { say: held, heard: { ...remembered, saidAt: now, held: null } };
}

function passes(said: Said | null): boolean {
  return said?.what === "state" && PASSING.has(said.state);
}

function changed(before: Seen, reached: number, now: Seen, quarter: number): Said | null {
  if (now.state !== before.state) return { what: "state", state: now.state };
  if (now.stalled && !before.stalled) return { what: "stalled" };
  if (quarter > reached) return { what: "percent", percent: quarter };
  return null;
}

function quarterOf(percent: number | null): number {
  return QUARTERS.find((quarter) => percent !== null && percent >= quarter) ?? 0;
}
