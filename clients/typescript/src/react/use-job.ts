/** One job, live. */

import { useMemo } from "react";
import type { Client } from "../client.js";
import { type Connection, IDLE } from "../connection.js";
import type { JobStore, JobView } from "../job-store.js";
import type { Refused, Unreachable } from "../problem.js";
import type { ActOptions, After, Event, Job, Progress, Step } from "../types.js";
import { useClient } from "./context.js";
import { Opened, useSelected } from "./shown.js";
import { type Stepped, SteppedJob } from "./stepped.js";

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

const EMPTY: Stepped = {
  view: { job: null, events: [], connection: IDLE, asOf: null, error: null, asked: null },
  steps: [],
};

/** Follows a job by whatever it is known by; null for none yet. */
export function useJob(id: string | null): JobState;
export function useJob<T>(id: string | null, options: JobOptions<T> & { select: (state: JobState) => T }): T;
export function useJob(id: string | null, options: JobOptions<never>): JobState;
export function useJob<T>(id: string | null, options: JobOptions<T> = {}): JobState | T {
  const client = useClient();
  const { after = null, steps = true, select } = options;
  const opened = useMemo(() => opening(client, id, after, steps), [client, id, after, steps]);
  const actions = useMemo(() => actionsOf(client, id, () => opened.store?.store ?? null), [client, id, opened]);
  const read = useMemo(() => {
    const whole = ({ view, steps }: Stepped): JobState => {
      return { ...view, progress: view.job?.progress ?? null, steps, actions };
    };
    return select === undefined ? whole : (stepped: Stepped) => select(whole(stepped));
  }, [select, actions]);
  return useSelected<Stepped, JobState | T>(opened, read);
}

function opening(client: Client, id: string | null, after: After, steps: boolean): Opened<Stepped, SteppedJob> {
  const open = () => (id === null ? null : new SteppedJob(client, id, client.followJob(id, { after }), steps));
  return new Opened(open, EMPTY);
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
