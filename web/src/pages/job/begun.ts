/** When the attempt that works began. */

import type { Job } from "@headway/client";
import { useAttempts } from "./reads";

/** Null before that is read. */
export function useBegun(job: Job): string | null {
  const { data: attempts } = useAttempts();
  return attempts?.find((one) => one.attempt === job.attempt && one.ended_at === null)?.started_at ?? null;
}
