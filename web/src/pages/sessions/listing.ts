/** What the list of sessions shows of them. */

import type { Session } from "@headway/client";

/** The session that is always there: of everybody who names none. It has no limit of its own. */
export const EVERYBODYS = "default.yaml";

/** How many of its jobs may run at once; null where there is no limit. */
export function limitOf({ id, concurrency }: Pick<Session, "id" | "concurrency">): number | null {
  return id === EVERYBODYS ? null : concurrency;
}

/** Those in whose id, owner or job type all the words stand. */
export function fitting(sessions: readonly Session[], text: string): Session[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return sessions.filter(({ id, owner, job_type }) => {
    const told = [id, owner, job_type].join(" ").toLowerCase();
    return words.every((word) => told.includes(word));
  });
}

export const MOST_PLACES = 1_000_000;

/** How many jobs at once somebody has written; null where that is no such number. */
export function readPlaces(text: string | number): number | null {
  const places = /^\d+$/.test(String(text).trim()) ? Number(text) : 0;
  return places >= 1 && places <= MOST_PLACES ? places : null;
}
