/** What a rollback to the end of a step would undo: what was recorded after it. */

import type { Step, Undo } from "../reads";

export function undosAfter(name: string, steps: readonly Step[], undos: readonly Undo[]): Undo[] {
  const positions = new Map(steps.map((step) => [step.name, step.position]));
  const last = steps.find((step) => step.name === name);
  if (last === undefined || last.ended_at === null) return [];
  const ended = Date.parse(last.ended_at);
  return undos.filter((undo) => {
    if (undo.state === "done") return false;
    const position = undo.step === null ? undefined : positions.get(undo.step);
    return position === undefined ? Date.parse(undo.recorded_at) > ended : position > last.position;
  });
}
