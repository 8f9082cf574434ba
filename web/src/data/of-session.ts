/** What is asked of a whole session: from its page, and from the palette wherever one is. */

import type { Session } from "@headway/client";
import { notify } from "../parts/notices";
import { askStart } from "../parts/start-dialog";
import { told } from "../parts/trouble";
import { all, start as texts } from "../text/start";
import { client } from "./client";
import { recount } from "./counts";
import { open } from "./open";
import { queries } from "./queries";

export type AllVerb = "pause" | "resume" | "cancel";
export type Startable = Pick<Session, "id" | "job_type">;

/** Asks for the input, and submits a job of the type that the session starts. */
export async function startSession(session: Startable): Promise<void> {
  const job = await askStart(session);
  if (job === null) return;
  notify({ text: texts.started(job.number), action: { label: texts.open, run: () => open(job.id) } });
  await changed(session.id);
}

/** Asks all open jobs of a session; what was refused is told. */
export async function askAll(id: string, verb: AllVerb): Promise<void> {
  try {
    const path = { session_id: id };
    const { data } = await client.rest.POST(`/api/v1/sessions/{session_id}/${verb}`, { params: { path }, body: {} });
    notify({ text: all.asked(data.jobs.length, all[verb].noun) });
  } catch (problem) {
    notify({ tone: "bad", ...told(problem) });
  }
  await changed(id);
}

async function changed(id: string): Promise<void> {
  recount();
  await queries.invalidateQueries({ queryKey: ["session", id] });
}
