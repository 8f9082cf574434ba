/** By what else than its name a job is known. */

import type { Job } from "@headway/client";

/** The context that it is about, and its external ids. */
export function idsOf({ context_id, external_ids }: Pick<Job, "context_id" | "external_ids">): string[] {
  const known = Object.values(external_ids);
  return [...new Set(context_id === null ? known : [context_id, ...known])];
}

/** What stands beside its name: its type, or where it has no other name, an id that tells it from its like. */
export function besideOf(job: Pick<Job, "name" | "type" | "context_id" | "external_ids">): string | null {
  return job.type === job.name ? (idsOf(job)[0] ?? null) : job.type;
}

export function labelsOf({ labels }: Pick<Job, "labels">): string[] {
  return Object.entries(labels).map(([name, value]) => `${name}=${value}`);
}
