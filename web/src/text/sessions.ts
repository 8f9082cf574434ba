/** Texts of the sessions. */

import { quoted } from "./terminal";
import { exact, plural } from "./words";

export const sessions = {
  about: "Durable workspaces: each has its own configuration, its own limit, and its own jobs.",
  create: "New session",
  none: "No session has been made yet.",
  noneAbout: "A session begins with a configuration and the job type that it starts. From a terminal:",
  noneSnippet: "headway session create acme --type site.transfer --set source=sftp://old.example/www",
  more: "Show more",
  filter: "Filter by id, owner or type",
  noneFits: (n: number, more: boolean) => `None of ${plural(n, "session")}${more ? " that are loaded" : ""} fits.`,
  columns: {
    id: "Session",
    owner: "Owner",
    type: "Starts",
    running: "Running",
    open: "Open jobs",
    version: "Version",
    used: "Last used",
  },
  idle: "Idle",
  runs: (n: number) => `${plural(n, "job")} running`,
  waits: (n: number) => `${plural(n, "job")} open, none running`,
  noOwner: "nobody",
  noType: "nothing yet",
  noneHere: (id: string) => `There is no session ${id}: it was closed, or never made.`,
  back: "All sessions",
  diff: "Compare versions",
  actions: {
    start: "Start",
    pause: "Pause all",
    resume: "Resume all",
    cancel: "Cancel all",
    close: "Close session",
    export: "Export",
    share: "Copy link",
  },
  cancelAll: (id: string) => `Cancel all open jobs of ${id}?`,
  cancelAllAbout: (n: number) =>
    `${plural(n, "open job")} will stop for good at the next checkpoint; what is done stays. A cancelled job is not resumed.`,
  cancelAction: "Cancel all",
  closeQuestion: (id: string) => `Close ${id}?`,
  closeAbout: "It takes no more jobs and leaves this list. Its ended jobs and their history stay.",
  closed: (id: string) => `${id} is closed.`,
  tabs: { config: "Configuration", versions: "Versions", jobs: "Jobs", concurrency: "Concurrency", debug: "Debug" },
} as const;

export const configuration = {
  editor: "Configuration as JSON",
  about: 'A secret reads {"$secret": "***"}: left as it is, the stored one stays; {"$secret": "new"} replaces it.',
  note: "What this save is for",
  notePlaceholder: "Note (optional)",
  save: "Save as new version",
  saved: (version: number) => `Saved as version ${version}.`,
  unsaved: "Not saved",
  draft: (version: number) => `A draft that was begun on version ${version}.`,
  discard: "Discard the draft",
  unchanged: "Nothing has changed.",
  running: (n: number) => `Not while it runs: ${plural(n, "job")} of this session ${n === 1 ? "is" : "are"} open.`,
  offline: "Not while the server is away. The draft stays in this browser.",
  invalid: (line: number, column: number, why: string) => `Line ${line}, column ${column}: ${why}`,
  notObject: "A configuration is an object: it begins with { and ends with }.",
  changes: "What this save would change",
  conflict: (version: number) => `Somebody else has saved version ${version} since you began.`,
  conflictAbout: "Both changes are listed. Where both touch the same value, choose whose stays.",
  mine: "Mine",
  theirs: "Theirs",
  keepMine: "Keep mine",
  keepTheirs: "Keep theirs",
  merge: "Take the merged configuration into the editor",
  merged: "Merged: look at it, then save.",
  base: (version: number) => `version ${version}`,
} as const;

export const versions = {
  version: (n: number) => `Version ${n}`,
  current: "current",
  by: (author: string | null) => (author === null ? "" : `by ${author}`),
  compare: "Compare",
  from: "From version",
  to: "to version",
  same: "These versions are the same.",
  restore: "Restore",
  restored: (from: number, to: number) =>
    `Version ${from} is in force again, as version ${to}. Its secrets stay as they were last saved.`,
  restoreNote: (from: number) => `version ${from} restored`,
  more: "Older versions",
} as const;

export const changes = {
  table: "Changed values",
  path: "Name",
  from: "From",
  to: "To",
  added: "added",
  removed: "removed",
  changed: "changed",
  secret: "secret",
  secretChanged: "changed",
  nothing: "—",
  next: "Next change",
  previous: "Previous change",
} as const;

export const concurrency = {
  noLimit: "none",
  limit: "Limit",
  running: "Running",
  waiting: "Waiting",
  free: (n: number) => (n === 0 ? "full" : `${exact(n)} free`),
  use: (used: number, limit: number) => `${exact(used)} of ${exact(limit)} places taken`,
  holders: "Who holds a place",
  none: "Nobody holds a place.",
  waitingFor: "Waiting for a place",
} as const;

export const debug = {
  about: "What the server knows of this session, for reports.",
  curl: "The same from a terminal",
  isYours: "This browser is in this session.",
  notYours: (id: string) => `This browser is in the session ${id}.`,
} as const;

export const newSession = {
  title: "New session",
  id: "Name",
  idAbout: "Up to 255 characters; without one it gets an id that nobody can guess.",
  type: "Starts jobs of type",
  concurrency: "Jobs at once",
  noPlaces: (most: number) => `A whole number from 1 to ${exact(most)}.`,
  config: "Configuration as JSON",
  create: "Create",
  cancel: "Cancel",
} as const;

export const sessionJobs = {
  none: "This session has no job yet.",
  /** type: null where the session starts nothing yet. */
  snippet: (id: string, type: string | null) =>
    `headway session start ${quoted(id)}${type === null ? " --type site.transfer" : ""}`,
  about: "Start submits one. From a terminal:",
  noType: "This session has no job type yet. Start asks for it, and keeps it for the next time. From a terminal:",
  state: "Status",
  name: "Job",
  progress: "Progress",
  version: "Config",
  since: "Since",
  all: "All jobs of this session",
} as const;
