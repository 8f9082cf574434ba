/** Counts with the name of what they count: those of a phase would be taken for the job's own. */

import type { Progress } from "@headway/client";
import { counted } from "./words";

/** "5 500 of 10 000 rows"; of a phase "copy: 9 of 10 files"; empty where nothing is counted. */
export function countedBy(progress: Progress): string {
  const told = counted(progress);
  const phase = progress.of_phase ? phaseOf(progress) : null;
  return told === "" || phase === null ? told : `${phase}: ${told}`;
}

/** States in which nothing is left to be done. */
const WELL = new Set(["completed", "rolled_back"]);
const ENDED = new Set([...WELL, "failed", "cancelled", "rollback_failed"]);

/**
 * What of it still says something in this state. Once work is over a note on its percentage is no news; once it is over
 * well, neither is what it said on the way. What was cut short keeps how far it had come.
 */
export function lasting(progress: Progress, state: string): Progress {
  if (!ENDED.has(state)) return progress;
  const told = { ...progress, note: null };
  if (!WELL.has(state)) return told;
  return { ...told, message: null, ...(progress.of_phase ? { done: 0, total: null, failed: 0, skipped: 0 } : {}) };
}

/** Between two phases, and after the last one, the counts are those of one that is over. */
function phaseOf({ phase, phases, done, total }: Progress): string | null {
  return phase ?? phases.findLast((one) => one.done === done && one.total === total)?.name ?? null;
}
