/** What is asked of a job. */

import type { Http } from "./http.js";
import type { ActOptions, Job, Verb } from "./types.js";

/** Asks, and resolves to the job as it is then; of restart and rollback, to the job that does it. */
export function act(http: Http, verb: Verb, id: string, options: ActOptions): Promise<Job> {
  const path = `/jobs/${encodeURIComponent(id)}`;
  if (verb === "delete") return http.json("DELETE", path);
  return http.json("POST", `${path}/${verb}`, { body: options });
}
