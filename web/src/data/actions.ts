/** Asking something of a job: the label changes at once, the truth comes from the server. */

import type { ActOptions, Job, Verb } from "@headway/client";
import { notify } from "../parts/notices";
import { told } from "../parts/trouble";
import { forget, noteAnswered, noteAsked } from "./asked";
import { client } from "./client";

/** Asks, shows the answer, and returns it; null where it was refused, which is told. */
export async function perform(job: Job, verb: Verb, options: ActOptions = {}): Promise<Job | null> {
  noteAsked(job.id, verb);
  try {
    const answer = await client.act(verb, job.id, options);
    noteAnswered(job.id, answer.id === job.id ? answer.version : 0);
    return answer;
  } catch (error) {
    forget(job.id);
    notify({ tone: "bad", ...told(error) });
    return null;
  }
}
