/** Asking the same of several jobs, one by one: what fails for one of them stops none of the others. */

import type { Verb } from "@headway/client";
import { client } from "../../data/client";
import { recount } from "../../data/counts";
import { told } from "../../parts/trouble";
import { recovery as texts } from "../../text/recovery";
import { type Recoverable, reread } from "./reads";

export type Way = "resume" | "restart" | "discard";

/** So many at a time: the server answers each within milliseconds. */
const AT_ONCE = 4;

export interface Outcome {
  done: number;
  /** Why it was refused, by the id of the job. */
  refused: Map<string, string>;
}

/** What a way means for this job; null where its state does not permit it. */
export function verbFor(way: Way, { job, verb, resumable }: Recoverable): Verb | null {
  if (way === "resume" && verb === "rollback") return null; // each by itself: it is shown first what is undone
  const wanted: Verb = way === "resume" ? verb : way === "restart" ? "restart" : "cancel";
  if (way === "resume" && resumable === "no") return null;
  return way === "restart" || job.moves.includes(wanted) ? wanted : null;
}

export async function sendOn(way: Way, entries: readonly Recoverable[]): Promise<Outcome> {
  const waiting = [...entries];
  const outcome: Outcome = { done: 0, refused: new Map() };
  const work = async () => {
    for (let entry = waiting.shift(); entry !== undefined; entry = waiting.shift()) await one(way, entry, outcome);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  recount();
  await reread();
  return outcome;
}

async function one(way: Way, entry: Recoverable, outcome: Outcome): Promise<void> {
  const verb = verbFor(way, entry);
  if (verb === null) {
    outcome.refused.set(entry.job.id, entry.verb === "rollback" ? texts.byItself : entry.why);
    return;
  }
  try {
    await client.act(verb, entry.job.id);
    outcome.done += 1;
  } catch (error) {
    outcome.refused.set(entry.job.id, told(error).text);
  }
}
