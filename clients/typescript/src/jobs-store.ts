/** Many jobs that are followed. */

import { Cell } from "./cell.js";
import type { ServerClock } from "./clock.js";
import type { Connection } from "./connection.js";
import type { Frame } from "./frame.js";
import { JobsReplica } from "./jobs-replica.js";
import type { Following, Live } from "./live.js";
import type { Refused, Unreachable } from "./problem.js";
import type { Job, JobFilter, Store } from "./types.js";

export interface JobsView {
  /** Newest first. Those that have not changed stay the same objects. */
  readonly jobs: readonly Job[];
  /** Whether they have been told at all. */
  readonly known: boolean;
  readonly connection: Connection;
  /** When this was so: milliseconds since 1970 by the server's clock. */
  readonly asOf: number | null;
  readonly error: Refused | Unreachable | null;
}

export interface JobsStore extends Store<JobsView> {
  /** Disconnects. The jobs go on. */
  close(): void;
}

/** What those who follow one listing in this tab share. */
export class FollowedJobs {
  readonly #filter: JobFilter;
  readonly #live: Live;
  readonly #clock: ServerClock;
  readonly #replica = new JobsReplica();
  readonly #cell: Cell<JobsView>;
  #following: Following | null = null;
  #stop: (() => void) | null = null;

  constructor(filter: JobFilter, live: Live, clock: ServerClock) {
    this.#filter = filter;
    this.#live = live;
    this.#clock = clock;
    const connection = live.connection.getSnapshot();
    this.#cell = new Cell<JobsView>({ jobs: [], known: false, connection, asOf: null, error: null });
  }

  get view(): Store<JobsView> {
    return this.#cell;
  }

  begin(): void {
    if (this.#following !== null) return;
    this.#stop = this.#live.connection.subscribe(() => this.#connected());
    this.#following = this.#live.follow({ jobs: this.#filter }, null, (frames) => this.#hear(frames));
    this.#connected();
  }

  end(): void {
    this.#following?.leave();
    this.#following = null;
    this.#stop?.();
  }

  #hear(frames: readonly Frame[]): void {
    for (const frame of frames) this.#replica.take(frame);
    const { jobs, known, error } = this.#replica;
    this.#show({ jobs, known, error, asOf: this.#clock.now() });
  }

  #connected(): void {
    const connection = this.#live.connection.getSnapshot();
    const before = this.#cell.getSnapshot();
    if (connection === before.connection) return;
    this.#show({ connection, asOf: before.asOf === null ? null : (connection.lostAt ?? before.asOf) });
  }

  #show(news: Partial<JobsView>): void {
    this.#cell.set({ ...this.#cell.getSnapshot(), ...news });
  }
}

export function jobsStore(followed: FollowedJobs, close: () => void): JobsStore {
  return { getSnapshot: followed.view.getSnapshot, subscribe: followed.view.subscribe, close };
}
