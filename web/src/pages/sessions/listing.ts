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
