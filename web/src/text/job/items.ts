/** Texts of the items of a job. */

import { plural } from "../words";

export const items = {
  none: "This job works through no ledger.",
  noneText: "What a job maps over, or adds to a ledger, is counted here, item by item.",
  snippet: 'files = ctx.items("files")\nfor path in paths:\n    files.add(path)\nctx.map(copy, files)',
  ledgers: "Ledgers",
  states: { failed: "Failed", pending: "Pending", done: "Done", skipped: "Skipped" } as Record<string, string>,
  all: "All",
  retryNot: "Failed items can be tried again when the job is over.",
  columns: { key: "Key", state: "State", size: "Size", attempts: "Tries", updated: "Updated", why: "Why" },
  empty: "No item is in this state.",
  count: (n: number) => plural(n, "item"),
  duplicates: (n: number, saved: string) => `${plural(n, "duplicate")}${saved ? `, ${saved} saved` : ""}`,
  sameAs: (key: string) => `same as ${key}`,
  more: "Show more",
  details: (key: string) => `Details of ${key}`,
  label: "Items",
};
