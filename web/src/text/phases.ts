/** Counts with the name of what they count: those of a phase would be taken for the job's own. */

import type { Progress } from "@headway/client";
import { counted } from "./words";

/** "5 500 of 10 000 rows"; of a phase "copy: 9 of 10 files"; empty where nothing is counted. */
export function countedBy(progress: Progress): string {
  const told = counted(progress);
  const phase = progress.of_phase ? phaseOf(progress) : null;
  return told === "" || phase === null ? told : `${phase}: ${told}`;
}

/** Between two phases, and after the last one, the counts are those of one that is over. */
function phaseOf({ phase, phases, done, total }: Progress): string | null {
  return phase ?? phases.findLast((one) => one.done === done && one.total === total)?.name ?? null;
}
