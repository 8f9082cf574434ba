/** Steps whose lines are folded away: which entry stands in which row. */

import type { Event } from "@headway/client";

export interface Span {
  step: string;
  /** The entry that says that the step begins; it stays visible. */
  first: number;
  /** The last entry that goes with it, the one that says how it ended. */
  last: number;
}

/** The spans of steps in a history without log lines. Of steps inside each other the outer one counts. */
export function spansOf(history: readonly Event[], newest: number): Span[] {
  const open = new Map<string, number>();
  const spans: Span[] = [];
  for (const event of history) {
    if (event.kind !== "step") continue;
    const begun = open.get(event.name);
    if (event.data.state === "running") open.set(event.name, event.seq);
    else if (begun !== undefined) {
      spans.push({ step: event.name, first: begun, last: event.seq });
      open.delete(event.name);
    }
  }
  for (const [step, first] of open) spans.push({ step, first, last: newest });
  return outermost(spans.sort((one, other) => one.first - other.first));
}

/** Rows and entries of a log in which some spans are folded. Entries from `base` on are shown, rows count from 0. */
export class Folds {
  readonly #folded: Span[];
  readonly #base: number;
  readonly #newest: number;

  constructor(spans: readonly Span[], folded: ReadonlySet<number>, base: number, newest: number) {
    this.#folded = spans.filter((span) => folded.has(span.first) && span.first >= base);
    this.#base = base;
    this.#newest = newest;
  }

  get rows(): number {
    const hidden = this.#folded.reduce((sum, span) => sum + Math.min(span.last, this.#newest) - span.first, 0);
    return Math.max(0, this.#newest - this.#base + 1 - hidden);
  }

  /** The entry in a row. */
  seqAt(row: number): number {
    let seq = this.#base + row;
    for (const span of this.#folded) {
      if (seq <= span.first) break;
      seq += span.last - span.first;
    }
    return seq;
  }

  /** The row of an entry; of a folded one, that of the step it is folded into. */
  rowOf(seq: number): number {
    let hidden = 0;
    for (const span of this.#folded) {
      if (seq <= span.first) break;
      hidden += Math.min(seq, span.last) - span.first;
    }
    return Math.max(0, seq - this.#base - hidden);
  }

  /** The folded span that hides an entry. */
  hiding(seq: number): Span | undefined {
    return this.#folded.find((span) => span.first < seq && seq <= span.last);
  }
}

function outermost(spans: readonly Span[]): Span[] {
  const outer: Span[] = [];
  for (const span of spans) {
    const before = outer.at(-1);
    if (before === undefined || span.first > before.last) outer.push(span);
  }
  return outer;
}
