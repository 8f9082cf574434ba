/** Texts of what a job was given and hands over. */

import { plural } from "../words";

export const output = {
  result: "Result",
  partial: "Partial result",
  noResult: "It returned nothing.",
  notYet: "The result appears here when the job is over.",
  input: "Input",
  noInput: "It was submitted without an input.",
  artifacts: "Files",
  noArtifacts: "It has handed over no file.",
  columns: {
    name: "Name",
    size: "Size",
    saved: "Saved",
    undo: "Undo",
    input: "Input",
    step: "Step",
    recorded: "Recorded",
    state: "State",
  },
  download: (name: string) => `Download ${name}`,
  undos: "Undos",
  undosText: "What a rollback would run, from the last to the first.",
  noUndos: "Nothing was recorded to be undone.",
  preview: "Preview the rollback",
  previewed: (n: number) => (n === 0 ? "Nothing would be undone." : `${plural(n, "undo")} would run, in this order:`),
  states: { recorded: "recorded", done: "undone", failed: "failed" } as Record<string, string>,
  theResult: "the result as JSON",
  theInput: "the input as JSON",
};
