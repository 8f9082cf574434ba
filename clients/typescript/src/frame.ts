/** What is followed, and what is told of it, whatever carries it. */

import type { After, Job, JobFilter } from "./types.js";

/** One job, by whatever it is known by; or many. */
export type Topic = { readonly job: string } | { readonly jobs: JobFilter };

/**
 * A message about a topic. Names are those of the streams (docs/http.md), and `refresh`: the job, read again since.
 * id: by which what follows it is asked for.
 */
export interface Frame {
  readonly name: string;
  readonly id?: string | undefined;
  readonly data: unknown;
}

export type Hear = (frames: readonly Frame[]) => void;

/** Equal for equal topics. */
export function keyOf(topic: Topic): string {
  if ("job" in topic) return `job:${topic.job}`;
  const filters = Object.entries(topic.jobs).filter(([, value]) => value !== undefined);
  return `jobs:${JSON.stringify(filters.sort(([one], [other]) => (one < other ? -1 : 1)))}`;
}

/** Whether nothing follows. */
export function isLast(frame: Frame): boolean {
  return frame.name === "end" || (frame.name === "reset" && frame.id === undefined);
}

export function isOver(job: Job): boolean {
  return job.ended_at !== null;
}

/** What a topic's subscription says on a WebSocket. */
export function subscribing(topic: Topic, after: After): object {
  if ("job" in topic) return { job: topic.job, ...(after === null ? {} : { after }) };
  const { label, labels, ...others } = topic.jobs as JobFilter & { labels?: string };
  const named = Object.fromEntries((label ?? []).map((one) => halves(one)));
  const all = { ...(labels === undefined ? {} : JSON.parse(labels)), ...named };
  return { jobs: { ...others, ...(Object.keys(all).length > 0 ? { labels: all } : {}) } };
}

function halves(label: string): [string, string] {
  const at = label.indexOf(":");
  return at < 0 ? [label, ""] : [label.slice(0, at), label.slice(at + 1)];
}
