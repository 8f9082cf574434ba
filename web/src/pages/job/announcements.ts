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
  /** What waits for the half minute to be over; the newest alone. */
  held: Said | null;
}

const APART_MS = 30_000;
const QUARTERS = [75, 50, 25];

export const UNHEARD: Heard = { seen: null, quarter: 0, saidAt: Number.NEGATIVE_INFINITY, held: null };

/** What to say now, if anything, and what to remember. Milliseconds. */
export function hear(heard: Heard, seen: Seen, now: number): { say: Said | null; heard: Heard } {
  const quarter = quarterOf(seen.percent);
  const held = heard.seen === null ? null : (changed(heard.seen, heard.quarter, seen, quarter) ?? heard.held);
  const remembered = { seen, quarter: Math.max(quarter, heard.quarter) };
  if (held === null || now - heard.saidAt < APART_MS) return { say: null, heard: { ...heard, ...remembered, held } };
  return { say: held, heard: { ...remembered, saidAt: now, held: null } };
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
