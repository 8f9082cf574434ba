/** Submitting a job. */

import { useCallback, useRef, useState } from "react";
import { newKey } from "../http.js";
import { Refused, Unreachable } from "../problem.js";
import type { Job, NewJob } from "../types.js";
import { useClient } from "./context.js";

export interface Submitting {
  /** Resolves to the job as the server has stored it; throws Refused or Unreachable. */
  submit(job: NewJob): Promise<Job>;
  /** There before the server answers, without an id until then. */
  job: Job | null;
  error: Refused | Unreachable | null;
  state: "idle" | "submitting" | "submitted" | "failed";
}

type Now = Omit<Submitting, "submit">;

/** Submits jobs. What is sent again after it was lost is submitted once. */
export function useSubmitJob(): Submitting {
  const client = useClient();
  const [now, setNow] = useState<Now>({ job: null, error: null, state: "idle" });
  const failed = useRef<{ said: string; key: string } | null>(null);
  const submit = useCallback(
    async (job: NewJob): Promise<Job> => {
      const said = JSON.stringify(job);
      const key = failed.current?.said === said ? failed.current.key : newKey();
      failed.current = null;
      setNow({ job: expected(job, client.now()), error: null, state: "submitting" });
      try {
        const stored = await client.submit(job, { key });
        setNow({ job: stored, error: null, state: "submitted" });
        return stored;
      } catch (error) {
        if (error instanceof Unreachable) failed.current = { said, key };
        const told = error instanceof Refused || error instanceof Unreachable ? error : null;
        setNow({ job: null, error: told, state: "failed" });
        throw error;
      }
    },
    [client],
  );
  return { submit, ...now };
}

/** The job as it will be, as far as that is known here. */
function expected(job: NewJob, now: number): Job {
  const at = new Date(now).toISOString();
  const texts = typeof job.external_id === "string" ? { external: job.external_id } : (job.external_id ?? {});
  return {
    ...{ id: "", number: 0, type: job.type, name: job.name ?? job.type, state: "pending" },
    ...{ category: job.category ?? "general", session: job.session ?? "", config_version: null },
    ...{ context_id: job.context_id ?? null, external_ids: texts, aliases: [], parent_id: null, root_id: "" },
    ...{ restarted_from: null, rollback_of: null, owner: null, queue: job.queue ?? "default" },
    ...{ priority: job.priority ?? 0, input: job.input ?? {}, result: null, error: null, progress: null },
    ...{ labels: job.labels ?? {}, attempt: 0, warnings: 0, outside: false, timeout_s: job.timeout_s ?? null },
    ...{ marks: {}, moves: [], created_at: at, state_since: at, started_at: null, ended_at: null },
    ...{ due_at: job.run_at ?? null, pinned: false, expires_at: null, active_s: 0, undos: 0, events: 0, version: 0 },
    found_by: null,
  };
}
