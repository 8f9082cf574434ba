/** Texts of what a job has saved. */

import { exact, plural } from "../words";

export const checkpoints = {
  goOn: "If it goes on now",
  ifStopped: "If it were stopped now",
  verbs: { resume: "Resume from here", retry: "Retry from here" },
  kept: (steps: number, state: boolean, cursors: number) => {
    const kept = [
      steps > 0 ? plural(steps, "finished step") : "",
      state ? "the saved state" : "",
      cursors > 0 ? plural(cursors, "cursor") : "",
    ].filter(Boolean);
    return kept.length === 0 ? "Nothing is kept: it would begin anew." : `Kept: ${kept.join(", ")}.`;
  },
  repeated: (steps: readonly string[]) =>
    steps.length === 0
      ? "Repeated: what was done since the last checkpoint."
      : `Repeated: ${steps.join(", ")}, from its last checkpoint.`,
  state: "Saved state",
  stateText: "What the next attempt starts from: ctx.state.",
  noState: "No state has been saved.",
  cursors: "Cursors of loops",
  cursorsText: "How far each tracked loop has come; a later attempt goes on after it.",
  steps: "Finished steps",
  stepsText: "Their results are recorded and never computed again.",
  noSteps: "No step has finished.",
  saved: "saved",
  inAttempt: (n: number) => `in attempt ${n}`,
  columns: {
    loop: "Loop",
    at: "Cursor",
    saved: "Saved",
    size: "Size",
    attempt: "Attempt",
    step: "Step",
    ended: "Ended",
    result: "Result",
    back: "Rolling back to its end",
  },
  none: "Nothing has been saved yet.",
  noneText: "A job that saves its state goes on from there after a crash or a pause.",
  snippet: "ctx.checkpoint(last_id=row.id)",
  rollback: "Roll back to here",
  lost: (n: number) => (n === 0 ? "undoes nothing" : `undoes ${exact(n)}`),
};
