/** Texts of the configuration of a job. */

import { quoted } from "../terminal";

export const configuration = {
  title: "Configuration",
  theConfig: "the configuration as JSON",
  version: (n: number) => `version ${n}`,
  of: "of session",
  newer: (n: number) => `which has version ${n} now`,
  none: "This job runs with an empty configuration.",
  noneText: "What its session has saved is what the job sees as ctx.config.",
  snippet: (session: string) => `headway session config ${quoted(session)} --set source=sftp://old.example/www`,
  changes: "Changed since the previous run",
  previous: (tail: string, version: number | null) => `job …${tail}${version === null ? "" : `, version ${version}`}`,
  unchanged: "The same as in the previous run of this type.",
  first: "There is no previous run of this type in the session to compare with.",
  words: { added: "added", removed: "removed", changed: "changed" } as Record<string, string>,
  columns: { key: "Key", change: "Change", from: "Before", to: "Now" },
  secret: "secret, never shown",
  nothing: "\u2013",
};
