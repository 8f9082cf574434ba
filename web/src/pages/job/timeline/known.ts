/** What the history says of the progress: the begin, the end, and the ends of planned steps in between. */

import type { Event, Job } from "@headway/client";
import type { Sample } from "./samples";
import type { Stretch } from "./stretches";

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

/** Where no work went on in between, the line is level: what was gained is spread over the time worked. */
export function levelled(points: readonly Sample[], stretches: readonly Stretch[]): Sample[] {
  const working = stretches
    .filter(({ doing }) => doing === "working")
    .map(({ from, to }) => ({ from: from / 1000, to: to === null ? Number.POSITIVE_INFINITY : to / 1000 }));
  const edges = working.flatMap(({ from, to }) => [from, to]);
  const worked = (from: number, to: number) =>
    working.reduce((sum, one) => sum + Math.max(0, Math.min(one.to, to) - Math.max(one.from, from)), 0);
  return points.flatMap((point, n) => {
    const next = points[n + 1];
    if (next === undefined) return [point];
    const whole = worked(point.at, next.at);
    const share = (at: number) => (whole === 0 ? 0 : worked(point.at, at) / whole);
    const between = edges.filter((at) => at > point.at && at < next.at);
    return [point, ...between.map((at) => partWay(point, next, at, share(at)))];
  });
}

function partWay(before: Sample, after: Sample, at: number, share: number): Sample {
  const part = (from: number, to: number) => from + (to - from) * share;
  const known = before.percent !== null && after.percent !== null;
  const percent = known ? part(before.percent ?? 0, after.percent ?? 0) : before.percent;
  return { at, percent, done: Math.round(part(before.done, after.done)), rate: null };
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
