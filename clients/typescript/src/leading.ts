/** The tab that holds the connection: passes on to the others what they follow. */

import type { Asked, Channel, WantedBy } from "./channel.js";
import { steady } from "./clock.js";
import type { Frame } from "./frame.js";
import type { Following, Live } from "./live.js";

/** A tab that was closed without a word is forgotten after so long. A hidden one speaks once a minute. */
const SILENT_MS = 180_000;
const SWEEP_MS = 60_000;

interface Relay {
  following: Following;
  tabs: Set<string>;
}

export class Leading {
  readonly live: Live;
  readonly #channel: Channel;
  readonly #relays = new Map<string, Relay>();
  readonly #seen = new Map<string, number>();
  readonly #stop: () => void;
  readonly #sweep: ReturnType<typeof setInterval>;

  constructor(live: Live, channel: Channel) {
    this.live = live;
    this.#channel = channel;
    this.#sweep = setInterval(() => this.#forget(), SWEEP_MS);
    this.#stop = live.connection.subscribe(() => {
      channel.postMessage({ does: "connection", connection: live.connection.getSnapshot() });
    });
    channel.postMessage({ does: "leads" });
  }

  hear(asked: Asked): void {
    switch (asked.does) {
      case "here":
        this.#seen.set(asked.from, steady());
        this.#wanted(asked.from, asked.wants);
        this.live.wake(); // this page may be hidden, and the one that asks be seen
        this.#channel.postMessage({ does: "led", to: asked.from, connection: this.live.connection.getSnapshot() });
        break;
      case "again":
        this.#relays.get(asked.key)?.following.again(asked.after);
        break;
      case "refresh":
        this.#relays.get(asked.key)?.following.refresh(asked.job);
        break;
      case "look":
        this.live.look();
        break;
      case "retry":
        this.live.retryNow();
        break;
      case "bye":
        this.#seen.delete(asked.from);
        this.#wanted(asked.from, []);
        break;
    }
  }

  end(): void {
    clearInterval(this.#sweep);
    this.#stop();
    this.live.close();
  }

  #wanted(tab: string, wants: readonly WantedBy[]): void {
    const keys = new Set(wants.map((want) => want.key));
    for (const [key, relay] of this.#relays) if (!keys.has(key)) this.#drop(key, relay, tab);
    for (const want of wants) this.#add(tab, want);
  }

  /** What one tab does not know yet all tabs are told: they know what they have heard. */
  #add(tab: string, { key, topic, after }: WantedBy): void {
    const relay = this.#relays.get(key);
    if (relay?.tabs.has(tab)) return;
    if (relay !== undefined) {
      relay.tabs.add(tab);
      relay.following.again(after);
      return;
    }
    const tell = (frames: readonly Frame[]) => this.#channel.postMessage({ does: "frames", key, frames });
    this.#relays.set(key, { following: this.live.follow(topic, after, tell), tabs: new Set([tab]) });
  }

  #drop(key: string, relay: Relay, tab: string): void {
    if (!relay.tabs.delete(tab) || relay.tabs.size > 0) return;
    relay.following.leave();
    this.#relays.delete(key);
  }

  #forget(): void {
    for (const [tab, seenAt] of this.#seen) {
      if (steady() - seenAt < SILENT_MS) continue;
      this.#seen.delete(tab);
      this.#wanted(tab, []);
    }
  }
}
