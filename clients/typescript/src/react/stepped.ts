/** A followed job with its steps: they are read again a moment after its history has told of one. */

import { Cell } from "../cell.js";
import type { Client } from "../client.js";
import type { JobStore, JobView } from "../job-store.js";
import type { Step, Store } from "../types.js";

export interface Stepped {
  readonly view: JobView;
  /** In the order of the plan. */
  readonly steps: readonly Step[];
}

const AGAIN_MS = 300;

export class SteppedJob implements Store<Stepped> {
  readonly store: JobStore;
  readonly #client: Client;
  readonly #id: string;
  readonly #wanted: boolean;
  readonly #cell: Cell<Stepped>;
  readonly #stop: () => void;
  readonly #aborted = new AbortController();
  #due: number | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** wanted: whether the steps are. */
  constructor(client: Client, id: string, store: JobStore, wanted: boolean) {
    this.store = store;
    this.#client = client;
    this.#id = id;
    this.#wanted = wanted;
    this.#cell = new Cell<Stepped>({ view: store.getSnapshot(), steps: [] });
    this.#stop = store.subscribe(() => this.#look());
    this.#look();
  }

  getSnapshot = (): Stepped => this.#cell.getSnapshot();

  subscribe = (listener: () => void): (() => void) => this.#cell.subscribe(listener);

  close(): void {
    this.#stop();
    clearTimeout(this.#timer);
    this.#aborted.abort();
    this.store.close();
  }

  #look(): void {
    const view = this.store.getSnapshot();
    if (view !== this.#cell.getSnapshot().view) this.#cell.set({ ...this.#cell.getSnapshot(), view });
    const due = dueAt(view);
    if (!this.#wanted || due === null || due === this.#due) return;
    const first = this.#due === null;
    this.#due = due;
    this.#timer ??= setTimeout(() => void this.#read(), first ? 0 : AGAIN_MS);
  }

  async #read(): Promise<void> {
    this.#timer = undefined;
    const params = { path: { any_id: this.#id } };
    const { signal } = this.#aborted;
    try {
      const { data } = await this.#client.rest.GET("/api/v1/jobs/{any_id}/steps", { params, signal });
      const before = this.#cell.getSnapshot();
      const known = JSON.stringify(before.steps) === JSON.stringify(data.steps);
      if (!known && !signal.aborted) this.#cell.set({ ...before, steps: data.steps });
    } catch {
      this.#due = null; // those that are shown stand, and are read again with the next change
    }
  }
}

/** Another number when the steps may be others; null while the job is not known. */
function dueAt({ job, events }: JobView): number | null {
  if (job === null) return null;
  return events.findLast((event) => event.kind === "step" || event.kind === "move")?.seq ?? 0;
}
