/** Words for states of jobs, and for how well the parts of a server are. */

import { states as ofJobs } from "@headway/client/words";

export const states: Record<string, string> = {
  ...ofJobs,
  stalled: "Stalled",
  ok: "OK",
  warning: "Warning",
  failing: "Failing",
};
