/** Texts of the history of a job. */

import { verbs } from "../parts";
import { states } from "../states";
import { exact, plural } from "../words";

export const events = {
  title: "History",
  all: "All",
  kinds: {
    move: "Moves",
    control: "Control",
    step: "Steps",
    warning: "Warnings",
    note: "Notes",
    log: "Log lines",
  } as Record<string, string>,
  none: "No event of these kinds.",
  by: "by",
  because: "because",
  via: "via",
  more: "Read on",
  count: (n: number) => plural(n, "event"),
  columns: { seq: "No.", at: "At", kind: "Kind", what: "What", attempt: "Attempt" },
  newestFirst: "Show newest first",
  oldestFirst: "Show oldest first",
  label: "History of the job",
  filter: "Which events",
  kind: { move: "move", control: "control", step: "step", warning: "warning", note: "note", log: "log" } as Record<
    string,
    string
  >,
  detailsOf: (seq: number) => `Details of event ${exact(seq)}`,
};

/** What an entry calls a verb or a state, in words. */
function verbIn(asked: string): string {
  return Object.hasOwn(verbs, asked) ? verbs[asked as keyof typeof verbs].noun : asked;
}

function stateIn(state: string | null): string {
  return state === null ? "in another state" : (states[state]?.toLowerCase().replace("…", "") ?? state);
}

/** What happened, as a sentence. */
export const happened = {
  moves: {
    submit: "Submitted",
    import: "Brought in from elsewhere",
    claim: "Taken",
    finish: "Finished",
    fail: "Failed",
    back_off: "Failed, to be tried again",
    halt: "Halted",
    leave: "Left by its worker",
    lose: "Its worker was lost",
    pause: "Pause asked for",
    resume: "Resume asked for",
    cancel: "Cancel asked for",
    expire: "Out of time",
    retry: "Retry asked for",
    rollback: "Rollback asked for",
  } as Record<string, string>,
  steps: {
    planned: "is planned",
    running: "began",
    completed: "completed",
    failed: "failed",
    skipped: "was skipped",
  } as Record<string, string>,
  move: (what: string, state: string, error: string | null) =>
    `${what === state ? what : `${what} → ${state}`}${error === null ? "" : `: ${error}`}`,
  sweep: "the sweep",
  step: (name: string, what: string, error: string | null) => `${name} ${what}${error === null ? "" : `: ${error}`}`,
  control: (name: string, asked: string | null, state: string | null) =>
    name === "refused" && asked !== null
      ? `Refused to ${verbIn(asked)}: it was ${stateIn(state)}`
      : asked === null
        ? name
        : `${asked} ${name}`,
  via: (who: string, door: string) => `${who} (${door})`,
};
