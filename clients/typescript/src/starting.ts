/** A connection of which it is not known at once whether it is shared: what is followed meanwhile waits. */

import { Cell } from "./cell.js";
import { type Connection, IDLE } from "./connection.js";
import type { Hear, Topic } from "./frame.js";
import type { Following, Live } from "./live.js";
import type { After, Store } from "./types.js";

interface Waiting {
  begin: (live: Live) => void;
}

export class StartingLive implements Live {
  readonly #make: () => Promise<Live>;
  readonly #connection = new Cell<Connection>(IDLE);
  readonly #waiting = new Set<Waiting>();
  #live: Live | null = null;
  #started = false;
  #closed = false;

  constructor(make: () => Promise<Live>) {
    this.#make = make;
  }

  get connection(): Store<Connection> {
    return this.#connection;
  }

  follow(topic: Topic, after: After, hear: Hear): Following {
    if (this.#live !== null) return this.#live.follow(topic, after, hear);
    let following: Following | null = null;
    let from = after;
    const waiting: Waiting = {
      begin: (live) => {
        following = live.follow(topic, from, hear);
      },
    };
    this.#waiting.add(waiting);
    void this.#start();
    return {
      again: (earlier) => {
        from = earlier;
        following?.again(earlier);
      },
      refresh: (job) => following?.refresh(job),
      leave: () => {
        this.#waiting.delete(waiting);
        following?.leave();
      },
    };
  }

  look(): void {
    this.#live?.look();
  }

  wake(): void {
    this.#live?.wake();
  }

  retryNow(): void {
    this.#live?.retryNow();
  }

  close(): void {
    this.#closed = true;
    this.#live?.close();
    this.#waiting.clear();
  }

  async #start(): Promise<void> {
    if (this.#started) return;
    this.#started = true;
    this.#connection.set({ ...IDLE, state: "connecting" });
    const live = await this.#make();
    if (this.#closed) {
      live.close();
      return;
    }
    this.#live = live;
    live.connection.subscribe(() => this.#connection.set(live.connection.getSnapshot()));
    for (const waiting of this.#waiting) waiting.begin(live);
    this.#waiting.clear();
  }
}
