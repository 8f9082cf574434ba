/** Texts of what is asked before something is done that can not be undone, and of what is told afterwards. */

import { isolated } from "./bidi";
import { exact, plural } from "./words";

export const dialogs = {
  told: (number: number, done: string) => `Job #${number} is ${done}.`,
  asked: (number: number, what: string) => `Job #${number} was asked to ${what}.`,
  opened: (number: number) => `Job #${number} began.`,
  offered: (label: string, number: number) => `${label}: job #${number}`,
  open: "Open",
  more: "More",
  retryItems: (n: number) => `Retry ${plural(n, "failed item")}`,
  copyLink: "Copy the link",
  linkCopied: "The link is copied.",
  offline: "Live updates are lost. This can be asked when they are back.",
  busy: (doing: string) => `The server has not answered yet: ${doing}`,

  cancel: {
    title: (number: number) => `Cancel job #${number}?`,
    what: (name: string) => `“${isolated(name)}” stops at its next checkpoint, and the jobs that it began with it.`,
    whatHalted: (name: string) => `“${isolated(name)}” does not run now. It ends, and the jobs that it began with it.`,
    loss: "A cancelled job can not be resumed. It can only be restarted, as a new job, from the beginning.",
    kept: (done: string) => `Done until now: ${done}. What it has written elsewhere stays.`,
    undos: (n: number) => `${plural(n, "undo", "undos")} recorded: it can be rolled back afterwards.`,
    action: "Cancel the job",
    safe: "Keep it",
  },
  remove: {
    title: (number: number) => `Delete job #${number}?`,
    what: (name: string) =>
      `“${isolated(name)}” goes for good, with its history, log, steps, items and files, and the jobs below it.`,
    loss: (events: number) => `${plural(events, "event", "events")} of history are lost. This can not be undone.`,
    action: "Delete for good",
    safe: "Keep it",
  },
  rollback: {
    title: (number: number) => `Roll back job #${number}?`,
    what: (name: string) =>
      `A job of its own undoes what “${isolated(name)}” has recorded, from the last to the first:`,
    none: "There is nothing to undo.",
    loss: "What is undone can not be brought back, except by doing the work again.",
    undo: (type: string, input: unknown, step: string | null) => {
      const given = input === null || input === undefined ? "" : ` ${JSON.stringify(input)}`;
      return `${type}${given}${step === null ? "" : ` (of step ${step})`}`;
    },
    keep: "Keep",
    keepNothing: "Nothing: undo all of it",
    upTo: (step: string) => `Everything up to step ${isolated(step)}`,
    reason: "Reason (optional)",
    more: (n: number) => `and ${exact(n)} more`,
    action: (n: number) => `Undo ${plural(n, "thing")}`,
    safe: "Leave it as it is",
  },
  retry: {
    title: (number: number) => `Retry job #${number}?`,
    from: "Go on from",
    choices: {
      failure: { label: "Where it stopped", text: "The same job goes on from its checkpoint." },
      items: { label: "Only what failed", text: (n: number) => `The same job does ${plural(n, "failed item")} again.` },
      start: { label: "The beginning", text: "A new job with the same input; this one stays as it is." },
    },
    kept: "Kept",
    repeated: "Repeated",
    done: "Already done outside, and not undone by this",
    nothing: "Nothing",
    step: (name: string) => `Step ${name}: its result`,
    again: (name: string) => `Step ${name}`,
    loop: (name: string, done: number) => `${name}: ${plural(done, "member")} that are done`,
    loopAgain: (name: string) => `${name}: only what was under way`,
    ledger: (name: string, done: number, total: number) => `${name}: ${exact(done)} of ${plural(total, "item")}`,
    ledgerAgain: (name: string, left: number) => `${name}: ${plural(left, "item")}`,
    state: "Its saved state",
    whole: "Everything, from the first line of the function",
    allSteps: (n: number) => `All ${plural(n, "step")}`,
    effect: (type: string, step: string | null) =>
      step === null ? `can be undone by ${type}` : `Step ${step}, can be undone by ${type}`,
    effectStep: (name: string) => `Whatever step ${name} has done`,
    noEffect: "No step has ended and no undo was recorded. What the function did besides them is not known here.",
    action: { failure: "Retry", items: "Retry what failed", start: "Restart" },
    safe: "Not now",
    failed: "What it has done can not be read now.",
  },
  stuck: {
    title: (time: string) => `It has not paused for ${time}.`,
    text: "A job pauses at its next checkpoint, and this one has not come to one. You can wait, or:",
    cancel: "Cancel instead",
    cancelText:
      "It is made to stop: after 30 s of grace nothing that it writes counts any more. It can not be resumed then.",
    resume: "Let it go on",
    resumeText: "Takes the pause back. It was never interrupted.",
  },
} as const;
