/** How long a job has worked: what it waited, was paused or was interrupted does not count. */

import type { Job } from "@headway/client";
import { useAttempts } from "./reads";

const WORKS = new Set(["running", "pausing", "cancelling"]);

/** Seconds until `now` (milliseconds since 1970). begun: when the attempt that works began, where that is known. */
export function workedUntil(job: Pick<Job, "state" | "state_since" | "active_s">, begun: string | null, now: number) {
  if (!WORKS.has(job.state)) return job.active_s;
  return job.active_s + Math.max(0, now - Date.parse(begun ?? job.state_since)) / 1000;
}

export function works(job: Pick<Job, "state">): boolean {
  return WORKS.has(job.state);
}

/** When the attempt that works began; null before that is read. */
export function useBegun(job: Job): string | null {
  const { data: attempts } = useAttempts();
  return attempts?.find((one) => one.attempt === job.attempt && one.ended_at === null)?.started_at ?? null;
}
