/**
 * One connection for all tabs of a browser: one tab leads (it holds a Web Lock) and passes on what it hears over a
 * BroadcastChannel. When it is closed the lock goes to the next; when it does not answer any more the lock is taken
 * from it.
 */

import { Cell } from "./cell.js";
import type { Asked, Channel, Said } from "./channel.js";
import { steady } from "./clock.js";
import { type Connection, IDLE } from "./connection.js";
import { type Frame, type Hear, keyOf, type Topic } from "./frame.js";
import { newKey } from "./http.js";
import { Leading } from "./leading.js";
import type { Following, Live } from "./live.js";
import type { After, Job, Store } from "./types.js";

const HERE_MS = 15_000;
/** A tab that leads answers from its message handler, so hidden ones do as well. */
const PATIENCE_MS = 4_000;
/** A timer that is later than this tells that this tab was frozen: what it was answered may wait to be heard. */
const LATE_MS = 1_000;
/** After a try is due: the tab that leads may be hidden, and its timers late. */
const NUDGE_MS = 100;

export interface Sharing {
  /** Equal for the tabs that may share: the same server, and the same caller. */
  name: string;
  locks: Pick<LockManager, "request">;
  channel: (name: string) => Channel;
  /** Makes the connection of the tab that leads. */
  lead: () => Live;
  /** How long the tab that leads may take to answer. */
  patienceMs?: number;
  /** Called when the connection of the tab that leads is live for this one, at first and again. */
  follows?: () => void;
}

class Want {
  readonly key: string;
  readonly topic: Topic;
  readonly hear: Hear;
  after: After;
  following: Following | null = null;

  constructor(topic: Topic, after: After, hear: Hear) {
    this.key = keyOf(topic);
    this.topic = topic;
    this.after = after;
    this.hear = hear;
  }

  take(frames: readonly Frame[]): void {
    for (const frame of frames) {
      if (frame.name === "event" || frame.name === "reset") this.after = frame.id ?? this.after;
      if (frame.name === "snapshot" && "job" in this.topic) this.after ??= (frame.data as Job).events;
    }
    this.hear(frames);
  }
}

export class SharedLive implements Live {
  readonly #sharing: Sharing;
  readonly #channel: Channel;
  readonly #me = newKey();
  readonly #wants = new Set<Want>();
  readonly #connection = new Cell<Connection>(IDLE);
  readonly #here: ReturnType<typeof setInterval>;
  #leading: Leading | null = null;
  #stopMirror: (() => void) | null = null;
  #release: (() => void) | null = null;
  #queued = new AbortController();
  #answer: ReturnType<typeof setTimeout> | undefined;
  #nudge: ReturnType<typeof setTimeout> | undefined;
  #telling = false;
  #closed = false;

  constructor(sharing: Sharing) {
    this.#sharing = sharing;
    this.#channel = sharing.channel(sharing.name);
    this.#channel.onmessage = (event) => this.#heard(event.data);
    this.#here = setInterval(() => this.#tellWants(), HERE_MS);
    this.#queue();
  }

  get connection(): Store<Connection> {
    return this.#connection;
  }

  follow(topic: Topic, after: After, hear: Hear): Following {
    const want = new Want(topic, after, hear);
    this.#wants.add(want);
    this.#begin(want);
    return {
      again: (from) => this.#again(want, from),
      refresh: (job) => {
        if (want.following !== null) want.following.refresh(job);
        else this.#ask({ from: this.#me, does: "refresh", key: want.key, job });
      },
      leave: () => {
        want.following?.leave();
        if (this.#wants.delete(want)) this.#tellSoon();
      },
    };
  }

  look(): void {
    if (this.#leading !== null) {
      this.#leading.live.look();
      return;
    }
    this.#tellWants();
    this.#ask({ from: this.#me, does: "look" });
  }

  wake(): void {
    if (this.#leading !== null) this.#leading.live.wake();
    else this.#tellWants();
  }

  retryNow(): void {
    if (this.#leading !== null) this.#leading.live.retryNow();
    else this.#ask({ from: this.#me, does: "retry" });
  }

  close(): void {
    if (this.#closed) return;
    this.#ask({ from: this.#me, does: "bye" });
    this.#closed = true;
    clearInterval(this.#here);
    clearTimeout(this.#answer);
    clearTimeout(this.#nudge);
    this.#queued.abort();
    this.#follows();
    this.#connection.set(IDLE);
    this.#channel.close();
  }

  /** Waits until no other tab leads. */
  #queue(): void {
    this.#queued = new AbortController();
    this.#request({ signal: this.#queued.signal });
  }

  /** Leads in place of a tab that does not answer. */
  #steal(): void {
    if (this.#leading !== null || this.#closed) return;
    this.#queued.abort();
    this.#request({ steal: true });
  }

  #request(options: LockOptions): void {
    const held = () => new Promise<void>((done) => this.#lead(done));
    this.#sharing.locks.request(this.#sharing.name, options, held).catch(() => {
      if (this.#leading === null || this.#closed) return; // it did not wait any longer
      this.#follows(); // it was taken away: this tab had not answered
      this.#queue();
    });
  }

  #lead(release: () => void): void {
    if (this.#closed) {
      release();
      return;
    }
    clearTimeout(this.#answer);
    this.#release = release;
    const live = this.#sharing.lead();
    this.#stopMirror = live.connection.subscribe(() => this.#connection.set(live.connection.getSnapshot()));
    this.#leading = new Leading(live, this.#channel);
    for (const want of this.#wants) this.#begin(want);
  }

  #follows(): void {
    this.#stopMirror?.();
    this.#leading?.end();
    this.#leading = null;
    for (const want of this.#wants) want.following = null;
    this.#release?.();
    this.#release = null;
  }

  #begin(want: Want): void {
    if (this.#leading !== null) {
      want.following = this.#leading.live.follow(want.topic, want.after, (frames) => want.take(frames));
      return;
    }
    if (this.#connection.getSnapshot().state === "idle") this.#connection.set({ ...IDLE, state: "connecting" });
    this.#tellSoon();
  }

  #again(want: Want, after: After): void {
    want.after = after;
    if (want.following !== null) want.following.again(after);
    else this.#ask({ from: this.#me, does: "again", key: want.key, after });
  }

  #heard(message: Asked | Said): void {
    if ("from" in message) this.#leading?.hear(message);
    else if (this.#leading === null) this.#told(message);
  }

  #told(said: Said): void {
    switch (said.does) {
      case "leads":
        this.#tellWants();
        break;
      case "led":
        if (said.to !== this.#me) break;
        clearTimeout(this.#answer);
        this.#answer = undefined;
        this.#connected(said.connection);
        break;
      case "connection":
        this.#connected(said.connection);
        break;
      case "frames":
        for (const want of this.#wants) if (want.key === said.key) want.take(said.frames);
        break;
    }
  }

  #connected(connection: Connection): void {
    const shown = this.#wants.size === 0 ? IDLE : connection;
    const wasLive = this.#connection.getSnapshot().state === "live";
    this.#connection.set(shown);
    if (shown.state === "live" && !wasLive) this.#sharing.follows?.();
    if (connection.nextTryAt === null) return;
    clearTimeout(this.#nudge);
    this.#nudge = setTimeout(() => this.#tellWants(), connection.nextTryAt - connection.since + NUDGE_MS);
  }

  /** Tells what this tab follows, once for all that it begins and ends at one moment. */
  #tellSoon(): void {
    if (this.#telling || this.#leading !== null) return;
    this.#telling = true;
    queueMicrotask(() => {
      this.#telling = false;
      this.#tellWants();
    });
  }

  /** The answer to it shows that somebody leads. */
  #tellWants(): void {
    if (this.#leading !== null || this.#closed) return;
    const wants = [...this.#wants].map(({ key, topic, after }) => ({ key, topic, after }));
    this.#ask({ from: this.#me, does: "here", wants });
    if (wants.length === 0 || this.#answer !== undefined) return;
    const patience = this.#sharing.patienceMs ?? PATIENCE_MS;
    const due = steady() + patience;
    this.#answer = setTimeout(() => this.#unanswered(due), patience);
  }

  #unanswered(due: number): void {
    this.#answer = undefined;
    if (steady() - due > LATE_MS) this.#tellWants();
    else this.#steal();
  }

  #ask(asked: Asked): void {
    if (this.#leading === null && !this.#closed) this.#channel.postMessage(asked);
  }
}
