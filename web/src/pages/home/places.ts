/**
 * Which card stands where. A card keeps its place while it is shown, so that nothing moves under the pointer: newcomers
 * take places that are free, and a job that has left stays for a while.
 */

import type { Job } from "@headway/client";

export interface Place {
  readonly job: Job;
  /** Since when the job is no longer under way: milliseconds; null while it is. */
  readonly leftAt: number | null;
}

/** So long a card stays after its job has ended. */
export const LINGER_MS = 10_000;

export function stalledSince(job: Job): string | number | null {
  return job.marks.stalled_since ?? job.progress?.stalled_since ?? null;
}

/** At the beginning, and where somebody asks for it: the stalled first, else the newest. */
export function arranged(jobs: readonly Job[], most: number): Place[] {
  const weight = (job: Job) => (stalledSince(job) === null ? 0 : 1);
  const sorted = [...jobs].sort((a, b) => weight(b) - weight(a) || b.number - a.number);
  return sorted.slice(0, most).map((job) => ({ job, leftAt: null }));
}

/**
 * The places now. held: the card at which somebody is, by pointer or focus; while there is one, cards that would have
 * to move up stay where they are.
 */
export function placed(
  before: readonly Place[],
  jobs: readonly Job[],
  most: number,
  now: number,
  held: string | null,
): Place[] {
  const active = new Map(jobs.map((job) => [job.id, job]));
  const known = new Set(before.map(({ job }) => job.id));
  const newcomers = jobs.filter((job) => !known.has(job.id)).sort((a, b) => a.number - b.number);
  const places = before.map(({ job, leftAt }): Place => {
    const here = active.get(job.id);
    return here === undefined ? { job, leftAt: leftAt ?? now } : { job: here, leftAt: null };
  });
  const kept = places.flatMap((place) => {
    if (place.leftAt === null || now - place.leftAt < LINGER_MS || place.job.id === held) return [place];
    const newcomer = newcomers.shift();
    if (newcomer !== undefined) return [{ job: newcomer, leftAt: null }];
    return held === null ? [] : [place];
  });
  const room = Math.max(0, most - kept.length);
  return [...kept, ...newcomers.slice(0, room).map((job) => ({ job, leftAt: null }))];
}

/** How many stalled jobs stand behind others, or have no place. */
export function stalledBehind(places: readonly Place[], jobs: readonly Job[]): number {
  const stalled = jobs.filter((job) => stalledSince(job) !== null).length;
  const inFront = places.findIndex(({ job, leftAt }) => leftAt !== null || stalledSince(job) === null);
  return stalled - (inFront < 0 ? places.length : inFront);
}

/** Milliseconds until a card may go; null where none has to. */
export function untilNext(places: readonly Place[], now: number): number | null {
  const left = places.flatMap(({ leftAt }) => (leftAt === null ? [] : [leftAt + LINGER_MS - now]));
  return left.length === 0 ? null : Math.max(1_000, Math.min(...left));
}
