/** Which job a page has started, kept over reloads and closed browsers. Never a token, a result, or who somebody is. */

import type { After, Job } from "./types.js";

export interface Remembered {
  id: string;
  kind: string;
  /** When it was remembered: milliseconds since 1970. */
  created: number;
  cursor: After;
}

const PREFIX = "headway:job:";
const KEPT_MS = 7 * 24 * 3_600_000;

/** What the browser would not keep, for as long as the page lives; null for what it would not forget. */
const unstored = new Map<string, string | null>();

/** The job that is kept under a key; null for none, and for one of more than seven days ago. */
export function recall(key: string, now = Date.now()): Remembered | null {
  const text = read(key);
  const kept = parsed(text);
  if (kept !== null && now - kept.created <= KEPT_MS) return kept;
  if (text !== null) forget(key);
  return null;
}

/** Keeps a job. Where storage is full or forbidden it is kept as long as the page. */
export function remember(key: string, job: Pick<Job, "id" | "type">, cursor: After, now = Date.now()): Remembered {
  const kept = recall(key, now);
  const created = kept?.id === job.id ? kept.created : now;
  const told: Remembered = { id: job.id, kind: job.type, created, cursor };
  write(key, JSON.stringify(told));
  return told;
}

export function forget(key: string): void {
  write(key, null);
}

function read(key: string): string | null {
  const own = unstored.get(key);
  if (own !== undefined) return own;
  try {
    return globalThis.localStorage.getItem(PREFIX + key);
  } catch {
    return null; // there is no storage here: on the server, in a frame without permission
  }
}

function write(key: string, text: string | null): void {
  try {
    if (text === null) globalThis.localStorage.removeItem(PREFIX + key);
    else globalThis.localStorage.setItem(PREFIX + key, text);
    unstored.delete(key);
  } catch {
    unstored.set(key, text);
  }
}

function parsed(text: string | null): Remembered | null {
  if (text === null) return null;
  try {
    const told = JSON.parse(text) as Partial<Remembered>;
    if (typeof told.id !== "string" || typeof told.created !== "number") return null;
    return { id: told.id, kind: told.kind ?? "", created: told.created, cursor: told.cursor ?? null };
  } catch {
    return null;
  }
}
