/** Texts of what went wrong with a job. */

import { exact, plural } from "../words";

export const failure = {
  title: "Failed",
  titles: {
    failed: "Failed",
    rollback_failed: "The rollback failed",
    interrupted: "Interrupted",
  } as Record<string, string>,
  inStep: "in step",
  byJob: "of",
  job: (number: number) => `job #${number}`,
  rollBackAgain: "Roll back again…",
  rollBackOther: (number: number) => `Roll back #${number} again…`,
  cause: "Cause",
  likely: "Likely because",
  seen: (n: number) => (n === 1 ? "The first time this error is seen" : `Same error seen ${exact(n)} times`),
  first: "first",
  last: "last",
  next: "What to do",
  trace: "Trace",
  cleanTrace: "Clean",
  fullTrace: "Full",
  showTrace: "Show trace",
  hideTrace: "Hide trace",
  theTrace: "the trace",
  hidden: (n: number) => `${plural(n, "line")} of libraries left out`,
  unavailable: "What is known about this error can not be read now.",
};
