/** Words for states of jobs, for the marks beside them, and for how well the parts of a server are. */

import { states as ofJobs } from "@headway/client/words";

export const states: Record<string, string> = {
  ...ofJobs,
  stalled: "Stalled",
  with_warnings: "with warnings",
  in_part: "in part",
  ok: "OK",
  warning: "Warning",
  failing: "Failing",
};
