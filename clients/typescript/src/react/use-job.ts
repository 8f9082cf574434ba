/** One job, live. */

import { useEffect, useMemo, useState } from "react";
import type { Client } from "../client.js";
import { type Connection, IDLE } from "../connection.js";
import type { JobStore, JobView } from "../job-store.js";
import type { Refused, Unreachable } from "../problem.js";
import type { ActOptions, After, Event, Job, Progress, Step } from "../types.js";
import { useClient } from "./context.js";
import { Opened, useSelected } from "./shown.js";

/** Verbs for one job. Each resolves to the server's answer, or throws Refused or Unreachable. */
export interface JobActions {
  pause(reason?: string): Promise<Job>;
  resume(reason?: string): Promise<Job>;
  cancel(reason?: string): Promise<Job>;
  retry(options?: Pick<ActOptions, "reason" | "items">): Promise<Job>;
  restart(reason?: string): Promise<Job>;
  rollback(options?: Pick<ActOptions, "reason" | "to_step">): Promise<Job>;
}

export interface JobState {
  job: Job | null;
  progress: Progress | null;
  /** In the order of the plan. They are read again when one has changed. */
  steps: readonly Step[];
  events: readonly Event[];
  connection: Connection;
  asOf: number | null;
  error: Refused | Unreachable | null;
  asked: JobView["asked"];
  actions: JobActions;
}

export interface JobOptions<T = JobState> {
  /** What of it is used: drawn anew only when that changes, not with every event. */
  select?: (state: JobState) => T;
  /** The last event that is known; 0 for the whole history. Default: only what comes from now on. */
  after?: After;
  /** Whether the steps are wanted. Default: true. */
  steps?: boolean;
}

const EMPTY: JobView = { job: null, events: [], connection: IDLE, asOf: null, error: null, asked: null };
const NO_STEPS: readonly Step[] = [];
const STEPS_MS = 300;

/** Follows a job by whatever it is known by; null for none yet. */
export function useJob(id: string | null): JobState;
export function useJob<T>(id: string | null, options: JobOptions<T> & { select: (state: JobState) => T }): T;
export function useJob(id: string | null, options: JobOptions<never>): JobState;
export function useJob<T>(id: string | null, options: JobOptions<T> = {}): JobState | T {
  const client = useClient();
  const { after = null, select } = options;
  const opened = useMemo(() => opening(client, id, after), [client, id, after]);
  const actions = useMemo(() => actionsOf(client, id, () => opened.store), [client, id, opened]);
  const steps = useSteps(id, opened, options.steps ?? true);
  const read = useMemo(() => {
    const whole = (view: JobView): JobState => ({ ...view, progress: view.job?.progress ?? null, steps, actions });
    return select === undefined ? whole : (view: JobView) => select(whole(view));
  }, [select, steps, actions]);
  return useSelected<JobView, JobState | T>(opened, read);
}

function opening(client: Client, id: string | null, after: After): Opened<JobView, JobStore> {
  return new Opened(() => (id === null ? null : client.followJob(id, { after })), EMPTY);
}

function actionsOf(client: Client, id: string | null, store: () => JobStore | null): JobActions {
  const act = (verb: "pause" | "resume" | "cancel" | "retry" | "restart" | "rollback", options: ActOptions) =>
    id === null ? Promise.reject(new Error("There is no job yet.")) : client.act(verb, id, options);
  return {
    pause: (reason) => store()?.pause(reason) ?? act("pause", { reason }),
    resume: (reason) => store()?.resume(reason) ?? act("resume", { reason }),
    cancel: (reason) => store()?.cancel(reason) ?? act("cancel", { reason }),
    retry: (options) => store()?.retry(options) ?? act("retry", options ?? {}),
    restart: (reason) => store()?.restart(reason) ?? act("restart", { reason }),
    rollback: (options) => store()?.rollback(options) ?? act("rollback", options ?? {}),
  };
}

/** The steps, read again a moment after the job's history has told of one. */
function useSteps(id: string | null, opened: Opened<JobView, JobStore>, wanted: boolean): readonly Step[] {
  const client = useClient();
  const [steps, setSteps] = useState<{ of: string; steps: readonly Step[] } | null>(null);
  const due = useSelected(opened, stepsDue);
  useEffect(() => {
    if (id === null || !wanted || due === null) return;
    const aborted = new AbortController();
    const timer = setTimeout(
      () => {
        readSteps(client, id, aborted.signal).then(
          (read) => aborted.signal.aborted || setSteps({ of: id, steps: read }),
          () => undefined, // those that are shown stand until the next change
        );
      },
      due === 0 ? 0 : STEPS_MS,
    );
    return () => {
      clearTimeout(timer);
      aborted.abort();
    };
  }, [client, id, wanted, due]);
  return steps !== null && steps.of === id ? steps.steps : NO_STEPS;
}

/** Another number when the steps may be others; null while the job is not known. */
function stepsDue(view: JobView): number | null {
  if (view.job === null) return null;
  const last = view.events.findLast((event) => event.kind === "step" || event.kind === "move");
  return last?.seq ?? 0;
}

async function readSteps(client: Client, id: string, signal: AbortSignal): Promise<Step[]> {
  const page = await client.rest.GET("/api/v1/jobs/{any_id}/steps", { params: { path: { any_id: id } }, signal });
  return page.data.steps;
}
