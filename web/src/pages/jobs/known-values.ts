import type { Listed } from "./use-job-list";

/** Values that the loaded rows have, the most frequent first. */
export function knownValues({ list, view }: Listed, field: string): string[] {
  const times = new Map<string, number>();
  for (const id of view.ids) {
    const job = list.job(id);
    const value =
      job && { session: job.session, type: job.type, owner: job.owner, category: job.category, name: job.name }[field];
    if (value) times.set(value, (times.get(value) ?? 0) + 1);
  }
  return [...times].sort((a, b) => b[1] - a[1]).map(([value]) => value);
}
