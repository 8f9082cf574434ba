/** Texts of keys, palette and help sheet. */

import { plural } from "./words";

export const commands = {
  thenKey: "then",
  orKeys: "or",
  palette: "Search and commands",
  help: "Keys",
  helpTitle: "Keys",
  helpOff: "Single keys are switched off in the settings; only combinations with Ctrl or Cmd work.",
  helpPalette: "Search or go to anything",
  groups: { page: "This page", go: "Go to", everywhere: "Everywhere" },
  go: (page: string) => `Go to ${page}`,
  toggleTheme: "Change between light and dark",
  showHelp: "Show the keys of this page",
  goBack: "Back",
  field: "Search or type a command…",
  sections: { actions: "Actions", pages: "Pages", jobs: "Jobs", recent: "Newest jobs", found: "Found", near: "Near" },
  searching: "Searching…",
  nothing: "Nothing is known by that name or id.",
  failed: "The server can not be asked now.",
  allJobs: (text: string) => `Look for “${text}” in all jobs`,
  results: (n: number) => plural(n, "result"),
  foot: { move: "move", open: "open", close: "close" },
  kinds: {
    job: "Job",
    session: "Session",
    parent: "Parent",
    attempt: "Attempt",
    "external key": "External id",
    "idempotency key": "Idempotency key",
    worker: "Worker",
    schedule: "Schedule",
  } as Record<string, string>,
} as const;
