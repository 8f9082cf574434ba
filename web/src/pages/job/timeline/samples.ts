/** How the progress of a job went while somebody looked, kept as long as the page is not loaded anew. */

import type { Job } from "@headway/client";

/** `at`: seconds since 1970. */
export interface Sample {
  at: number;
  percent: number | null;
  done: number;
  rate: number | null;
}

/** More are thinned out to half of them: a chart has no room for them. */
const MOST = 720;
const APART_S = 0.5;
const MOST_JOBS = 50;

export class Samples {
  #list: readonly Sample[] = [];
  #apart = APART_S;
  readonly #listeners = new Set<() => void>();

  readonly list = (): readonly Sample[] => this.#list;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Adds one, unless it comes too soon after the last. `now`: milliseconds. */
  add(job: Job, now: number): void {
    const { progress } = job;
    const at = now / 1000;
    const last = this.#list.at(-1);
    if (progress === null || (last !== undefined && at - last.at < this.#apart)) return;
    const percent = job.state === "completed" ? 100 : progress.percent;
    const added = [...this.#list, { at, percent, done: progress.done, rate: progress.rate }];
    this.#list = added.length > MOST ? this.#thinned(added) : added;
    for (const listener of this.#listeners) listener();
  }

  #thinned(list: readonly Sample[]): readonly Sample[] {
    this.#apart *= 2;
    return list.filter((_, index) => index % 2 === 0 || index === list.length - 1);
  }
}

const kept = new Map<string, Samples>();

export function samplesOf(id: string): Samples {
  const known = kept.get(id) ?? new Samples();
  kept.delete(id); // to the end: the job that was looked at longest ago goes first
  kept.set(id, known);
  const oldest = kept.keys().next().value;
  if (kept.size > MOST_JOBS && oldest !== undefined) kept.delete(oldest);
  return known;
}
