/** Texts of the page of a job around its tabs. */

import { plural } from "../words";

export const page = {
  back: "Jobs",
  backToResults: "Back to results",
  previous: "Previous in the list",
  next: "Next in the list",
  noPrevious: "This is the first job of the list.",
  noNext: "This is the last job of the list.",
  walk: "The list",
  place: (at: string) => `${at} in the list`,

  facts: {
    type: "Type",
    session: "Session",
    owner: "Owner",
    queue: "Queue",
    waiting: "Waiting",
    worked: "Time worked",
    attempt: "Attempt",
    step: "Step",
    phase: "Phase",
    started: "Started",
    ended: "Ended",
    created: "Submitted",
    lastProgress: "Last progress",
    due: "Due",
    parent: "Parent",
    restartedFrom: "Restarted from",
    restartedAs: "Restarted as",
    rollbackOf: "Undoes",
    expires: "Kept until",
    pinned: "kept, pinned",
    labels: "Labels",
    otherIds: "Other ids",
    more: "Details",
  },

  warnings: {
    label: "Warnings",
    count: (n: number) => plural(n, "warning"),
    show: "Show them",
    more: (n: number) => `and ${plural(n, "more warning")}`,
    failed: (n: number) => `Show ${plural(n, "failed item")}`,
  },

  progressOf: (name: string) => `Progress of ${name}`,
  noProgress: "It has told no progress.",
  never: "none yet",
  stepOf: (name: string, at: number, of: number) => `${name} (${at} of ${of})`,
  frozen: "Live updates are lost: this is how it was then.",

  marks: {
    waiting_for: (what: string) => `Waiting for ${what}`,
    stalled_since: "Stalled: no progress, but its worker is alive",
    not_answering_since: "It has not answered the request yet",
    unconfirmed: "Unconfirmed: its last runner may still be at work for a moment",
    in_part: (what: string) => what,
    unreadable: (what: string) => what,
  },

  since: "since",

  tabs: {
    label: "Parts of the job",
    timeline: "Timeline",
    tree: "Tree",
    log: "Log",
    checkpoints: "Checkpoints",
    config: "Config",
    events: "Events",
    attempts: "Attempts",
    items: "Items",
    output: "Output",
  },

  unknownTab: (name: string) => `There is no tab “${name}”; this is the timeline.`,

  commands: {
    tab: (name: string) => `Tab: ${name}`,
    previous: "Previous job in the list",
    next: "Next job in the list",
    pause: "Pause or resume",
    retry: "Retry",
    back: "Back to the list",
  },

  announced: {
    percent: (name: string, percent: number) => `${name}: ${percent} percent done`,
    state: (name: string, state: string) => `${name}: ${state}`,
    stalled: (name: string) => `${name}: stalled, no progress`,
  },
  theSnippet: "the code",
};
