/**
 * Asking something of a job: the label changes at once, the truth comes from the server. What can be taken back is done
 * at once and can be undone for 10 s; what can not is asked first.
 */

import type { ActOptions, Job, Verb } from "@headway/client";
import { askCancel, askDelete, askRetry, askRollback } from "../parts/job-dialogs";
import { type Notice, notify } from "../parts/notices";
import { askInput } from "../parts/restart-dialog";
import { told } from "../parts/trouble";
import { dialogs as texts } from "../text/dialogs";
import { verbs } from "../text/parts";
import { forget, noteAnswered, noteAsked } from "./asked";
import { client } from "./client";
import { recount } from "./counts";
import { open } from "./open";
import { queries } from "./queries";
import { noteDeleted } from "./there";

interface Asked {
  verb: Verb;
  options?: ActOptions;
}

/** Asks first where it can not be taken back, then the server; null where nothing was done. Refusals are told. */
export async function perform(job: Job, verb: Verb, options: ActOptions = {}): Promise<Job | null> {
  const asked = await settle(job, verb, options);
  return asked === null ? null : act(job, asked);
}

/** Begins a job once more with an input that somebody puts right; null where nothing was done. */
export async function restartOtherwise(job: Job): Promise<Job | null> {
  const input = await askInput(job);
  return input === null ? null : act(job, { verb: "restart", options: { input } });
}

/** Asks another job than the one that is shown; see perform. */
export async function performOn(number: number, verb: Verb): Promise<Job | null> {
  try {
    const path = { any_id: `number:${number}` };
    const { data } = await client.rest.GET("/api/v1/jobs/{any_id}", { params: { path } });
    return await perform(data, verb);
  } catch (error) {
    const { title, text, requestId } = told(error);
    notify({ tone: "bad", title, text, requestId });
    return null;
  }
}

/** Does it without asking, for those who have asked already. */
export async function act(job: Job, { verb, options = {} }: Asked): Promise<Job | null> {
  noteAsked(job.id, verb);
  try {
    const answer = (await client.act(verb, job.id, options)) ?? job; // there is none for a job that is deleted
    if (verb === "delete") noteDeleted(job.id);
    if (answer.id !== job.id) void queries.invalidateQueries({ queryKey: ["job", job.id, "successor"] });
    noteAnswered(job.id, answer.id === job.id ? answer.version : 0);
    notify(noticeOf(job, verb, answer));
    return answer;
  } catch (error) {
    forget(job.id);
    const { title, text, requestId } = told(error);
    notify({ tone: "bad", title, text, requestId });
    return null;
  } finally {
    recount();
  }
}

/** What is to be done in the end: a retry may turn into a new start, a no into nothing. */
async function settle(job: Job, verb: Verb, options: ActOptions): Promise<Asked | null> {
  const asked = { verb, options };
  if (verb === "cancel") return (await askCancel(job)) ? asked : null;
  if (verb === "delete") return (await askDelete(job)) ? asked : null;
  if (verb === "rollback") {
    const chosen = await askRollback(job, options.to_step);
    return chosen === null ? null : { verb, options: { ...options, ...chosen } };
  }
  if (verb !== "retry" || options.items !== undefined) return asked;
  const choice = await askRetry(job);
  if (choice === null) return null;
  if (choice === "start") return { verb: "restart", options };
  return choice === "items" ? { verb, options: { ...options, items: "failed" } } : asked;
}

function noticeOf(job: Job, verb: Verb, answer: Job): Notice {
  const undo = undoOf(verb);
  const text = verb === "restart" ? texts.opened(answer.number) : textOf(job, verb);
  return {
    text,
    ...(undo === null ? {} : { undo: () => void act(answer, { verb: undo }) }),
    ...(answer.id === job.id ? {} : { action: { label: texts.open, run: () => open(answer.id) } }),
  };
}

/** What takes it back, where something does. */
export function undoOf(verb: Verb): Verb | null {
  if (verb === "pause") return "resume";
  if (verb === "resume") return "pause";
  if (verb === "pin") return "unpin";
  return verb === "unpin" ? "pin" : null;
}

function textOf(job: Job, verb: Verb): string {
  const running = job.state === "running" || job.state === "pausing";
  if (running && (verb === "pause" || verb === "cancel")) return texts.asked(job.number, verbs[verb].noun);
  return texts.told(job.number, verbs[verb].done);
}
