/** What was asked of jobs and is not yet seen in them: shown at once, kept apart from what the server has said. */

import type { Job, Verb } from "@headway/client";
import { useSyncExternalStore } from "react";

export interface Asked {
  verb: Verb;
  /** Milliseconds since 1970. */
  at: number;
  /** The version of the job that the server answered with; what is shown before it is old. */
  answered?: number;
}

/** After an answer, so long at most until the page has seen it by itself. */
const SEEN_MS = 10_000;

const listeners = new Set<() => void>();
let asked: ReadonlyMap<string, Asked> = new Map();

export function noteAsked(id: string, verb: Verb): void {
  change(new Map(asked).set(id, { verb, at: Date.now() }));
}

/** The server has answered: the label stays until the job is seen at that version. */
export function noteAnswered(id: string, version: number): void {
  const entry = asked.get(id);
  if (entry === undefined) return;
  const answered = { ...entry, answered: version };
  change(new Map(asked).set(id, answered));
  setTimeout(() => asked.get(id) === answered && forget(id), SEEN_MS);
}

export function forget(id: string): void {
  if (!asked.has(id)) return;
  const next = new Map(asked);
  next.delete(id);
  change(next);
}

/** What is being asked of this job, until it shows the answer. */
export function useAsked(job: Pick<Job, "id" | "version">): Asked | null {
  const read = () => asked.get(job.id) ?? null;
  const entry = useSyncExternalStore(subscribe, read, read);
  return entry === null || (entry.answered !== undefined && job.version >= entry.answered) ? null : entry;
}

function change(next: ReadonlyMap<string, Asked>): void {
  asked = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
