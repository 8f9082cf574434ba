/** What a rollback to the end of a step would undo: what was recorded after it. */

import type { Step, Undo } from "../reads";

/** Tells of each finished step what was recorded after its end. */
export function undosAfter(steps: readonly Step[], undos: readonly Undo[]): (step: Step) => Undo[] {
  const positions = new Map(steps.map((step) => [step.name, step.position]));
  const open = undos.filter((undo) => undo.state !== "done");
  return (last) => {
    if (last.ended_at === null) return [];
    const ended = Date.parse(last.ended_at);
    return open.filter((undo) => {
      const position = undo.step === null ? undefined : positions.get(undo.step);
      return position === undefined ? Date.parse(undo.recorded_at) > ended : position > last.position;
    });
  };
}
