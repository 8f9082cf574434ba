/** Texts of the tree of a job. */

import { exact } from "../words";

export const tree = {
  title: "Tree",
  toRoot: "Root of the tree",
  toParent: "Parent in the tree",
  label: "Jobs of this tree",
  alone: "This job has no parent and no children.",
  aloneText: "Jobs that it spawns appear here by themselves.",
  snippet: 'child = ctx.spawn("crawl.page", {"url": url})\nctx.gather(child)',
  below: (over: number, total: number) => `${exact(over)} of ${exact(total)} over`,
  failed: (n: number) => `${exact(n)} failed`,
  running: (n: number) => `${exact(n)} running`,
  here: "this job",
  openAll: "Open all",
  closeAll: "Close all",
  hint: "Arrows move, Enter opens the job, t goes to the root, u to the parent",
  toggle: (name: string) => `Open or close ${name}`,
};
