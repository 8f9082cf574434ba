/** Texts of the page of what can be resumed, and of the banner that leads there. */

import { plural } from "./words";

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1) ?? ""}`;
}

export const recovery = {
  sub: "What stopped and waits for you: what it would go on with, and what would be done again.",
  causes: {
    restart: "Server restart",
    crash: "Crash",
    "lost worker": "Lost worker",
    left: "Left by its program",
    paused: "Paused",
    failed: "Failed",
    "rollback failed": "Rollback failed",
  } as Record<string, string>,
  causesAbout: {
    restart: "its worker was shut down",
    crash: "its worker ended without a word",
    "lost worker": "its worker stopped answering",
    left: "its own program ended before the work was done",
    paused: "somebody paused it",
    failed: "it ended with an error",
    "rollback failed": "it is rolled back in part",
  } as Record<string, string>,
  all: "All",
  filter: "Causes",
  list: "Jobs that can be resumed",
  tick: (name: string) => `Select ${name}`,
  tickSafe: (n: number) => `Select all that are safe (${n})`,
  selected: (n: number) => (n === 0 ? "Nothing selected" : `${plural(n, "job")} selected`),
  resume: "Resume selected",
  restart: "Restart",
  discard: "Discard…",
  actions: "What to do with the selection",
  nothingTicked: "Select jobs first.",
  noneCan: "None of the selected jobs can do that.",
  offline: "Live updates are lost: nothing can be asked now.",
  resumable: { yes: "Can go on", "with care": "With care", no: "Can not go on" } as Record<string, string>,
  stopped: "Stopped",
  checkpoint: "Last saved",
  noCheckpoint: "nothing was saved",
  repeats: "Repeats",
  effects: "Has left",
  noEffects: "nothing outside the job",
  effect: {
    artifact: (name: string) => `file ${name}`,
    children: (name: string, n: number) => plural(n, `job ${name}`, `jobs ${name}`),
  } as Record<string, (name: string, n: number) => string>,
  takeBack: "Can be taken back",
  /** By what was done: the type of an undo says what takes it back. */
  takenBack: (n: number, steps: readonly string[], by: readonly string[]) => {
    const named = steps.length > 5 ? [...steps.slice(0, 5), "others"] : steps;
    const of = steps.length === 0 ? "" : ` of ${steps.length === 1 ? "step" : "steps"} ${listed(named)}`;
    return `${plural(n, "effect")}${of}, by ${listed(by)}`;
  },
  rollbacksFailed: (n: string) => `${n} rolled back in part`,
  rollBackAgain: "Roll back again…",
  byItself: "A rollback goes on by its own button, which shows first what it undoes.",
  changed: (what: readonly string[]) => `Changed since: ${what.join(", ")}. Look before you resume.`,
  showChanges: "Show the difference",
  why: "Why",
  failedToGoOn: (why: string) => `Could not be resumed: ${why}`,
  discardTitle: (n: number) => `Discard ${plural(n, "job")}?`,
  discardBody: (n: number) =>
    `${n === 1 ? "It is" : "They are"} cancelled for good. What is done stays done; what is saved can not be gone on with.`,
  discardAction: (n: number) => `Cancel ${plural(n, "job")}`,
  skipped: (n: number) => `${plural(n, "selected job")} can not be cancelled in the state that it is in, and stays.`,
  results: {
    resume: (done: number, asked: number) =>
      done === asked ? `${plural(done, "job")} go on` : `${done} of ${asked} jobs go on`,
    restart: (done: number, asked: number) =>
      done === asked ? `${plural(done, "job")} started again` : `${done} of ${asked} jobs started again`,
    discard: (done: number, asked: number) =>
      done === asked ? `${plural(done, "job")} discarded` : `${done} of ${asked} jobs discarded`,
  },
  more: "Show more",
  emptyTitle: "Nothing waits for you",
  empty: "Jobs that a crash, a restart or a lost worker has stopped appear here, with what they would go on with.",
  emptyCause: "No job stopped for this reason.",
  last: (jobs: number) => `Last time: ${plural(jobs, "job")} interrupted`,
  lastStates: (states: Readonly<Record<string, number>>) =>
    Object.entries(states)
      .map(([state, n]) => `${n} ${state.replace("_", " ")}`)
      .join(", "),
  keys: { safe: "Select all that are safe", tick: "Select or deselect", next: "Next job", previous: "Previous job" },
  banner: {
    label: "Interrupted jobs",
    stopped: (n: number) => (n === 1 ? "1 job was interrupted" : `${n} jobs were interrupted`),
    at: "at",
    atTimes: "last at",
    can: (n: number, of: number) => {
      if (n === 0) return of === 1 ? "it needs a look before it can go on." : "they need a look before they can go on.";
      if (n === of)
        return n === 1 ? "it can continue from its checkpoint." : `all ${n} can continue from a checkpoint.`;
      return `${n} can continue from a checkpoint.`;
    },
    resume: (n: number) => (n === 1 ? "Resume it" : `Resume all ${n}`),
    review: "Review",
    dismiss: "Dismiss until next time",
  },
} as const;
