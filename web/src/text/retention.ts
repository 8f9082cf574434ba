/** Texts about how long ended jobs stay. */

import { quoted } from "./terminal";
import { duration, plural } from "./words";

export const retention = {
  title: "Retention",
  intro:
    "Ended jobs stay unless their type or their session says for how long; a session's rule goes before its type's. A job goes with all that is below it, and stays while anything of that is open or pinned.",
  failed: "Retention",
  none: "No type and no session says how long its jobs are kept: they all stay.",
  kind: { type: "Type", session: "Session" },
  kept: (keepS: number) => `kept for ${duration(keepS)} after the end`,
  due: (n: number) => `${plural(n, "job")} due now`,
  soon: (n: number) => (n === 0 ? "none goes within a day" : `${plural(n, "job")} within a day`),
  total: "All rules together",
  pinned: "Pinned",
  pinnedText: "Kept whatever the rules say, until somebody unpins them.",
  pinnedCount: (n: number) => plural(n, "job"),
  more: "There is more than was looked at: these numbers are the least.",
  tried: "What would another rule delete?",
  triedText: "Counted among the oldest 100 000 jobs; nothing is changed by looking.",
  of: "Whose jobs",
  name: { type: "Name of the type", session: "Id of the session" },
  days: "Days after the end",
  wouldGo: (n: number, more: boolean) => `This would delete ${more ? "at least " : ""}${plural(n, "job")} at once.`,
  nothingGoes: "This would delete nothing now.",
  looking: "Counting…",
  how: { type: "Set it where the type is registered:", session: "Set it on the session:" },
  snippet: {
    type: (name: string, days: number) => `@headway.job(${JSON.stringify(name)}, keep_s=${days} * headway.DAY_S)`,
    session: (name: string, days: number) => `headway session config ${quoted(name)} --keep ${days}d`,
  },
  what: { type: "the code", session: "the command" },
} as const;
