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

/** The job that is kept under a key; null for none, and for one of more than seven days ago. */
export function recall(key: string, now = Date.now()): Remembered | null {
  const kept = parsed(read(key));
  if (kept !== null && now - kept.created <= KEPT_MS) return kept;
  forget(key);
  return null;
}

export function remember(key: string, job: Pick<Job, "id" | "type">, cursor: After, now = Date.now()): Remembered {
  const kept = recall(key, now);
  const created = kept?.id === job.id ? kept.created : now;
  const told: Remembered = { id: job.id, kind: job.type, created, cursor };
  storage()?.setItem(PREFIX + key, JSON.stringify(told));
  return told;
}

export function forget(key: string): void {
  storage()?.removeItem(PREFIX + key);
}

function read(key: string): string | null {
  return storage()?.getItem(PREFIX + key) ?? null;
}

/** A page may be without storage: on the server, in a frame without permission. */
function storage(): Storage | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
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
