/** Texts of the parts that all pages share. */

import type { Verb } from "@headway/client";
import { exact, plural } from "./words";

export const parts = {
  copied: "Copied",
  copyFailed: "The browser does not allow copying. Select the text and copy it.",
  copy: (what: string) => `Copy ${what}`,
  waiting: "Loading…",
  theId: "the id",
  number: (number: number) => `#${number}`,
  progressOf: "Progress",
  noTotal: "how far it is can not be told",
  updated: "updated",
  left: (time: string) => `${time} left`,
  ends: (day: string) => `ends about ${day}`,
  noSignal: "time left unknown: no live updates",
  noSignalTitle: "Live updates are lost. What you see is the last that was heard.",
  asOf: "As of",
  retry: "Retry",
  reload: "Reload",
  requestId: "Request",
  time: "Time",
  table: "Show as table",
  chart: "Show as chart",
  worked: "Time worked: what it waited, was paused or was interrupted does not count.",
  warned: (warnings: number, failed: number) =>
    [plural(warnings, "warning"), failed > 0 ? `${exact(failed)} failed` : ""].filter(Boolean).join(", "),
  walked: "chart, walked with the arrow keys",
} as const;

/** Why there is no time left, in words: the reasons that the server gives. */
export const etaWhyNot: Record<string, string> = {
  "too early": "time left: too early to say",
  "no total": "time left unknown: no total",
  "still finding work": "time left unknown: still finding work",
  "no rate": "time left unknown: no rate yet",
  paused: "paused",
  pausing: "pausing",
  stalled: "time left unknown: stalled",
};

export const empty = {
  "nothing yet": { title: "Nothing yet", text: "As soon as there is something it appears here by itself." },
  "nothing matches": { title: "Nothing matches", text: "Nothing fits what you are looking for." },
  "not allowed": { title: "Not allowed", text: "Whoever runs this server can give you a token that may see this." },
  command: "the command",
  clear: "Clear the filter",
  filter: "Filter:",
} as const;

export const trouble = {
  refused: "The server refused this",
  unreachable: "The server can not be reached",
  unreachableText: "Jobs go on without this page, and nothing is lost. It tries again by itself.",
  internal: "Something went wrong on the server",
  safe: "Nothing that is recorded is lost by this.",
  title: "This page can not be shown",
  notFetched: "This page is not here yet",
  notFetchedText: "Files of this page can not be got from the server. They may have been replaced by newer ones.",
  broken: "This part of the page failed",
  brokenText: "The rest works on. Reload the page if this does not go away.",
  notFound: "There is no such page",
  notFoundText: "The address leads nowhere.",
  goHome: "Go to Home",
} as const;

export const verbs: Record<Verb, { label: string; doing: string; done: string; noun: string }> = {
  pause: { label: "Pause", doing: "Pausing…", done: "paused", noun: "pause" },
  resume: { label: "Resume", doing: "Resuming…", done: "resumed", noun: "resume" },
  cancel: { label: "Cancel", doing: "Cancelling…", done: "cancelled", noun: "cancel" },
  retry: { label: "Retry", doing: "Retrying…", done: "tried again", noun: "retry" },
  restart: { label: "Restart", doing: "Restarting…", done: "restarted as a new job", noun: "restart" },
  rollback: { label: "Roll back", doing: "Rolling back…", done: "being rolled back", noun: "roll back" },
  pin: { label: "Pin", doing: "Pinning…", done: "pinned: it is kept", noun: "pin" },
  unpin: { label: "Unpin", doing: "Unpinning…", done: "no longer pinned", noun: "unpin" },
  delete: { label: "Delete", doing: "Deleting…", done: "deleted", noun: "delete" },
};

export const support = {
  title: "Support bundle",
  text: "One file for somebody who helps: versions, checks, workers, counts, and how often what fails. It names types, sessions and machines, and holds nothing that jobs work on: no input, result, message, log or secret.",
  download: "Download support bundle",
  file: "headway-support.json",
} as const;
