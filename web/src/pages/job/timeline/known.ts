/** What the history says of the progress: the begin, the end, and the ends of planned steps in between. */

import type { Event, Job } from "@headway/client";
import type { Sample } from "./samples";

export function knownPoints(job: Job, events: readonly Event[]): Sample[] {
  const weights = plannedWeights(job);
  const whole = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  const points: Sample[] = job.started_at === null ? [] : [point(job.started_at, 0)];
  let over = 0;
  for (const event of events) {
    const weight = event.kind === "step" && isOver(event) ? weights.get(event.name) : undefined;
    if (weight === undefined) continue;
    weights.delete(event.name);
    over += weight;
    points.push(point(event.at, Math.min((over / whole) * 100, 99)));
  }
  if (job.ended_at !== null)
    points.push(point(job.ended_at, job.state === "completed" ? 100 : (job.progress?.percent ?? null)));
  return points;
}

/** The history until the page was opened, then what was seen since. */
export function withSamples(known: readonly Sample[], seen: readonly Sample[]): Sample[] {
  const first = seen[0]?.at ?? Number.POSITIVE_INFINITY;
  const last = seen.at(-1)?.at ?? 0;
  const before = known.filter((one) => one.at < first);
  const after = known.filter((one) => one.at > last && one.at >= first);
  return [...before, ...seen, ...after];
}

function plannedWeights(job: Job): Map<string, number> {
  const planned = (job.progress?.phases ?? []).filter((phase) => phase.planned);
  return new Map(planned.map((phase) => [phase.name, phase.weight ?? 1])); // the server leaves out what is as usual
}

function isOver(event: Event): boolean {
  return event.data.state === "completed" || event.data.state === "skipped";
}

function point(at: string, percent: number | null): Sample {
  return { at: Date.parse(at) / 1000, percent, done: 0, rate: null };
}
