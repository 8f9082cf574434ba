/** One job that is followed. */

import { Cell } from "./cell.js";
import type { ServerClock } from "./clock.js";
import type { Connection } from "./connection.js";
import type { Frame } from "./frame.js";
import { JobReplica } from "./job-replica.js";
import type { Following, Live } from "./live.js";
import type { Refused, Unreachable } from "./problem.js";
import type { ActOptions, After, Event, Job, Store, Verb } from "./types.js";

export interface JobView {
  readonly job: Job | null;
  /** The newest 1,000, without a gap. */
  readonly events: readonly Event[];
  readonly connection: Connection;
  /** When this was so: milliseconds since 1970 by the server's clock. */
  readonly asOf: number | null;
  readonly error: Refused | Unreachable | null;
  /** What was asked of the server and is not answered yet. It is no state of the job. */
  readonly asked: { readonly verb: Verb; readonly at: number } | null;
}

export interface JobStore extends Store<JobView> {
  pause(reason?: string): Promise<Job>;
  resume(reason?: string): Promise<Job>;
  cancel(reason?: string): Promise<Job>;
  retry(options?: Pick<ActOptions, "reason" | "items">): Promise<Job>;
  restart(reason?: string): Promise<Job>;
  rollback(options?: Pick<ActOptions, "reason" | "to_step">): Promise<Job>;
  /** By which its stream goes on later: for `after`. */
  cursor(): After;
  /** Disconnects. The job goes on. */
  close(): void;
}

type Act = (verb: Verb, id: string, options: ActOptions) => Promise<Job>;

/** What those who follow one job in this tab share. */
export class FollowedJob {
  readonly #id: string;
  readonly #live: Live;
  readonly #clock: ServerClock;
  readonly #act: Act;
  readonly #cell: Cell<JobView>;
  #replica: JobReplica;
  #following: Following | null = null;
  #stop: (() => void) | null = null;

  constructor(id: string, after: After, live: Live, clock: ServerClock, act: Act) {
    this.#id = id;
    this.#live = live;
    this.#clock = clock;
    this.#act = act;
    this.#replica = new JobReplica(after);
    const connection = live.connection.getSnapshot();
    this.#cell = new Cell<JobView>({ job: null, events: [], connection, asOf: null, error: null, asked: null });
  }

  get view(): Store<JobView> {
    return this.#cell;
  }

  get cursor(): After {
    return this.#replica.cursor;
  }

  begin(): void {
    if (this.#following !== null) return;
    this.#stop = this.#live.connection.subscribe(() => this.#connected());
    this.#following = this.#live.follow({ job: this.#id }, this.#replica.cursor, (frames) => this.#hear(frames));
    this.#connected();
  }

  /** Somebody wants events that come before those that are here. */
  reach(after: After): void {
    if (after === null || this.#replica.reaches(after)) return;
    this.#replica = this.#replica.rewound(after);
    this.#following?.again(after);
  }

  end(): void {
    this.#following?.leave();
    this.#following = null;
    this.#stop?.();
  }

  /** A job was read elsewhere, in the answer to a verb: it may be this one. */
  learn(job: Job): void {
    if (this.#cell.getSnapshot().job?.id === job.id) this.#following?.refresh(job);
  }

  async act(verb: Verb, options: ActOptions): Promise<Job> {
    const asked = { verb, at: this.#clock.now() };
    this.#show({ asked });
    try {
      return await this.#act(verb, this.#id, options);
    } finally {
      if (this.#cell.getSnapshot().asked === asked) this.#show({ asked: null });
    }
  }

  #hear(frames: readonly Frame[]): void {
    const taken = frames.map((frame) => this.#replica.take(frame));
    if (taken.includes("gap")) this.#following?.again(this.#replica.cursor);
    const { job, events, error } = this.#replica;
    this.#show({ job, events, error, asOf: this.#clock.now() });
  }

  #connected(): void {
    const connection = this.#live.connection.getSnapshot();
    const before = this.#cell.getSnapshot();
    if (connection === before.connection) return;
    this.#show({ connection, asOf: before.asOf === null ? null : (connection.lostAt ?? before.asOf) });
  }

  #show(news: Partial<JobView>): void {
    this.#cell.set({ ...this.#cell.getSnapshot(), ...news });
  }
}

/** One reader of a followed job. */
export function jobStore(followed: FollowedJob, close: () => void): JobStore {
  const { view } = followed;
  return {
    getSnapshot: view.getSnapshot,
    subscribe: view.subscribe,
    pause: (reason) => followed.act("pause", { reason }),
    resume: (reason) => followed.act("resume", { reason }),
    cancel: (reason) => followed.act("cancel", { reason }),
    retry: (options = {}) => followed.act("retry", options),
    restart: (reason) => followed.act("restart", { reason }),
    rollback: (options = {}) => followed.act("rollback", options),
    cursor: () => followed.cursor,
    close,
  };
}
