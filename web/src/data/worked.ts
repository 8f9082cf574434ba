/** How long a job has worked: what it waited, was paused or was interrupted does not count. As TIME of `headway ls`. */

import type { Job } from "@headway/client";

const WORKS = new Set(["running", "pausing", "cancelling"]);

export type Working = Pick<Job, "state" | "state_since" | "active_s" | "attempt" | "started_at">;

/** Seconds until `now` (milliseconds since 1970). begun: when the attempt that works began, where that is known. */
export function workedUntil(job: Working, begun: string | null, now: number): number {
  if (!works(job)) return job.active_s;
  return job.active_s + Math.max(0, now - Date.parse(begun ?? beginningOf(job))) / 1000;
}

export function works(job: Pick<Job, "state">): boolean {
  return WORKS.has(job.state);
}

/** A first attempt began with the job; a later one that is asked to stop tells only since when it is asked. */
function beginningOf({ attempt, started_at, state_since }: Working): string {
  return attempt === 1 && started_at !== null ? started_at : state_since;
}
