/** The history of a job as the log shows it: read in blocks around what is looked at, never whole. */

import type { Client, Event } from "@headway/client";

export const BLOCK = 500;
/** Blocks that are kept beside those on the screen. */
const KEPT = 40;

export interface Range {
  first: number;
  last: number;
}

/** Entries by number. `version` rises with each change, so that a list knows when to draw itself again. */
export class Lines {
  version = 0;
  problem: unknown = null;
  readonly #client: Client;
  readonly #job: string;
  readonly #entries = new Map<number, Event>();
  readonly #read = new Map<number, number>();
  readonly #reading = new Set<number>();
  readonly #listeners = new Set<() => void>();

  constructor(client: Client, job: string) {
    this.#client = client;
    this.#job = job;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  getVersion = (): number => this.version;

  /** The entry, null while it is not read, undefined where it is kept no more. */
  at(seq: number): Event | null | undefined {
    const found = this.#entries.get(seq);
    if (found !== undefined) return found;
    return seq <= (this.#read.get(blockOf(seq)) ?? 0) ? undefined : null;
  }

  /** Entries that came live: they need no reading. */
  hear(events: readonly Event[]): void {
    const heard = events.filter((event) => !this.#entries.has(event.seq));
    if (heard.length === 0) return;
    for (const event of heard) this.#entries.set(event.seq, event);
    this.#tell();
  }

  /** Reads what is missing of a range, and forgets what lies far from it. */
  want(range: Range): void {
    for (let block = blockOf(range.first); block <= blockOf(range.last); block++) {
      if (this.#isMissing(block, range)) void this.#fetch(block, range.last);
    }
    this.#forget(range);
  }

  /** Tries again what could not be read. */
  retry(range: Range): void {
    this.problem = null;
    this.want(range);
    this.#tell();
  }

  #isMissing(block: number, range: Range): boolean {
    if (this.#reading.has(block)) return false;
    const last = Math.min(range.last, (block + 1) * BLOCK);
    for (let seq = Math.max(range.first, block * BLOCK + 1); seq <= last; seq++) {
      if (this.at(seq) === null) return true;
    }
    return false;
  }

  async #fetch(block: number, last: number): Promise<void> {
    this.#reading.add(block);
    try {
      const { data } = await this.#client.rest.GET("/api/v1/jobs/{any_id}/events", {
        params: { path: { any_id: this.#job }, query: { after: block * BLOCK, limit: BLOCK } },
      });
      for (const event of data.events) if (blockOf(event.seq) === block) this.#entries.set(event.seq, event);
      this.#read.set(block, Math.min(last, (block + 1) * BLOCK));
      this.problem = null;
    } catch (problem) {
      this.problem = problem;
    } finally {
      this.#reading.delete(block);
      this.#tell();
    }
  }

  #forget(range: Range): void {
    if (this.#entries.size <= KEPT * BLOCK) return;
    const near = (KEPT * BLOCK) / 4;
    for (const seq of this.#entries.keys()) {
      if (seq < range.first - near || seq > range.last + near) this.#entries.delete(seq);
    }
    for (const block of this.#read.keys()) {
      const first = block * BLOCK + 1;
      if (first < range.first - near || first + BLOCK > range.last + near) this.#read.delete(block);
    }
  }

  #tell(): void {
    this.version += 1;
    for (const listener of this.#listeners) listener();
  }
}

function blockOf(seq: number): number {
  return Math.floor((seq - 1) / BLOCK);
}
