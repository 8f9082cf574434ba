/** A job that outlives the page: found again after a reload, until somebody has seen how it ended. */

import { useCallback, useEffect, useMemo, useState } from "react";
import { isOver } from "../frame.js";
import { forget, type Remembered, recall, remember } from "../remembered.js";
import type { Job } from "../types.js";
import { useClient } from "./context.js";
import { useJob } from "./use-job.js";

export interface Resumable {
  /** finished-while-away: it had ended when the page was opened again, and nobody has acknowledged that. */
  status: "none" | "running" | "interrupted" | "finished-while-away";
  job: Job | null;
  /** Keeps a job under the key. */
  remember(job: Job): void;
  /** Its end was seen: forgets it. */
  acknowledge(): void;
  /** Asks the server to go on with an interrupted or paused job. */
  resume(): Promise<Job>;
}

/** kind: the type of job that is meant; one of another type that is kept under the key is forgotten. */
export function useResumableJob(key: string, { kind }: { kind?: string } = {}): Resumable {
  const client = useClient();
  const [kept, setKept] = useState<Remembered | null>(null);
  const { job, error } = useJob(kept?.id ?? null, { steps: false, after: kept?.cursor ?? null });

  useEffect(() => {
    const found = recall(key);
    if (found !== null && kind !== undefined && found.kind !== kind) return forget(key);
    setKept(found);
  }, [key, kind]);

  const gone = error !== null && "status" in error && (error.status === 404 || error.status === 410);
  useEffect(() => {
    if (!gone) return;
    forget(key);
    setKept(null);
  }, [gone, key]);

  const events = job?.events;
  useEffect(() => {
    if (kept !== null && job !== null && events !== undefined) remember(key, job, events);
  }, [key, kept, job, events]);

  const keep = useCallback((one: Job) => setKept(remember(key, one, one.events)), [key]);
  const acknowledge = useCallback(() => {
    forget(key);
    setKept(null);
  }, [key]);
  const resume = useCallback(async () => {
    if (kept === null) throw new Error(`No job is kept under ${key}.`);
    return client.act("resume", kept.id);
  }, [client, kept, key]);
  const status = gone || kept === null || job === null ? "none" : statusOf(job);
  const shown = status === "none" ? null : job;
  return useMemo(
    () => ({ status, job: shown, remember: keep, acknowledge, resume }),
    [status, shown, keep, acknowledge, resume],
  );
}

function statusOf(job: Job): Resumable["status"] {
  if (isOver(job)) return "finished-while-away";
  return job.state === "interrupted" || job.state === "paused" ? "interrupted" : "running";
}
