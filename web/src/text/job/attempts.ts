/** Texts of the attempts of a job. */

export const attempts = {
  title: (n: number) => `Attempt ${n}`,
  none: "No attempt yet.",
  noneText: "The job is waiting to be taken by a worker that has its type.",
  worker: "Worker",
  began: "Began",
  took: "Took",
  waited: "Waited before",
  outcome: "Outcome",
  ongoing: "at work",
  steps: "Steps in it",
  error: "Error",
  same: "the same error",
  outcomes: {
    finish: "completed",
    fail: "failed",
    back_off: "failed, tried again",
    halt: "halted",
    leave: "left",
    lose: "lost its worker",
    expire: "ran out of time",
  } as Record<string, string>,
  more: "Show more attempts",
  label: "Attempts side by side",
};
