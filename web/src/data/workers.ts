/** Who runs jobs. */

import type { Worker } from "@headway/client";

const OWN = "headway.";

/** Without the slots that a server has for Headway's own jobs: they are no room for somebody's work. */
export function ofJobTypes(workers: readonly Worker[]): Worker[] {
  return workers.filter((worker) => worker.types.some((type) => !type.toLowerCase().startsWith(OWN)));
}
