/** What a job has done until now, read for a dialog: steps, items, undos, checkpoint. */

import type { components, Job, Step } from "@headway/client";
import { client } from "./client";

export type Ledger = components["schemas"]["LedgerCounts"];
export type Undo = components["schemas"]["Undo"];

export interface Doings {
  steps: readonly Step[];
  ledgers: readonly Ledger[];
  /** Those that are recorded and not yet done. */
  undos: readonly Undo[];
  checkpoint: { state: Record<string, unknown>; cursors: Record<string, { done: number }> };
}

export async function readDoings(job: Pick<Job, "id">): Promise<Doings> {
  const at = { params: { path: { any_id: job.id } } };
  const [steps, ledgers, undos, checkpoint] = await Promise.all([
    client.rest.GET("/api/v1/jobs/{any_id}/steps", at),
    client.rest.GET("/api/v1/jobs/{any_id}/ledgers", at),
    client.rest.GET("/api/v1/jobs/{any_id}/undos", at),
    client.rest.GET("/api/v1/jobs/{any_id}/checkpoint", at),
  ]);
  return {
    steps: steps.data.steps,
    ledgers: ledgers.data.ledgers,
    undos: undos.data.undos.filter((undo) => undo.state !== "done"),
    // The document leaves open what a job saves; the server always sends these two.
    checkpoint: { ...NOTHING, ...(checkpoint.data as Partial<Doings["checkpoint"]>) },
  };
}

/** What a rollback would undo, in the order in which it would; `toStep`: only what came after that step. */
export async function readUndone(job: Pick<Job, "id">, toStep?: string): Promise<readonly Undo[]> {
  const { data } = await client.rest.POST("/api/v1/jobs/{any_id}/rollback", {
    params: { path: { any_id: job.id } },
    body: { dry_run: true, ...(toStep === undefined ? {} : { to_step: toStep }) },
  });
  return "undos" in data && Array.isArray(data.undos) ? data.undos : [];
}

/** The steps that are over, by name: up to each of them a rollback can keep everything. */
export async function readDoneSteps(job: Pick<Job, "id">): Promise<string[]> {
  const { data } = await client.rest.GET("/api/v1/jobs/{any_id}/steps", { params: { path: { any_id: job.id } } });
  return data.steps.filter(({ state }) => state === "completed").map(({ name }) => name);
}

const NOTHING: Doings["checkpoint"] = { state: {}, cursors: {} };
