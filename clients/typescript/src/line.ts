/** One connection and its subscriptions: opened when there are any, watched, and opened again when it is lost. */

import { FIRST_MS, pauseAfter } from "./backoff.js";
import type { Carrier, OpenCarrier } from "./carrier.js";
import { Cell } from "./cell.js";
import { type ServerClock, steady } from "./clock.js";
import { type Connection, IDLE } from "./connection.js";
import { type Frame, isLast, type Topic } from "./frame.js";
import type { Http } from "./http.js";
import { Refused } from "./problem.js";
import type { After, Store } from "./types.js";

/** Subscriptions that the server takes over one connection. */
export const ROOM = 20;
const LOOK_MS = 5_000;
const QUIET_MS = 15_000;
const UNANSWERED_MS = 30_000;
const HURRIED_MS = 1_500;
const LINGER_MS = 3_000;
const PROBE_MS = 5_000;
/** Sockets that could not be opened although the server answers: then something between lets none through. */
const SOCKET_FAILURES = 2;
const WITHOUT_SOCKET_MS = 600_000;
const REFUSED_AGAIN_MS = 2_000;

interface Wanted {
  topic: Topic;
  /** Where to go on from after a loss. */
  cursor: () => After;
  hear: (frame: Frame) => void;
}

export interface Ways {
  socket: OpenCarrier;
  /** In place of a socket, where none can be had; null for none. */
  stream: OpenCarrier | null;
}

export class Line {
  readonly #http: Http;
  readonly #clock: ServerClock;
  readonly #ways: Ways;
  readonly #wanted = new Map<string, Wanted>();
  readonly #again = new Set<ReturnType<typeof setTimeout>>();
  readonly #connection: Cell<Connection>;
  #carrier: Carrier | null = null;
  /** By the steady clock, as all times in here; null while nothing is open. */
  #heardAt: number | null = null;
  #pingedAt: number | null = null;
  #patience = UNANSWERED_MS;
  #socketFailures = 0;
  #socketsFailedAt = 0;
  #proven = true;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #retryAt = 0;
  #look: ReturnType<typeof setInterval> | undefined;
  #linger: ReturnType<typeof setTimeout> | undefined;
  #epoch = 0;

  constructor(http: Http, clock: ServerClock, ways: Ways) {
    this.#http = http;
    this.#clock = clock;
    this.#ways = ways;
    this.#connection = new Cell(IDLE);
  }

  get connection(): Store<Connection> {
    return this.#connection;
  }

  get size(): number {
    return this.#wanted.size;
  }

  has(key: string): boolean {
    return this.#wanted.has(key);
  }

  want(key: string, wanted: Wanted): void {
    clearTimeout(this.#linger);
    this.#wanted.set(key, wanted);
    if (this.#state === "idle") this.#open();
    else if (this.#isOpen) this.#carrier?.subscribe(key, wanted.topic, wanted.cursor());
  }

  /** Subscribes once more, from where the one who wants it is. */
  again(key: string): void {
    const wanted = this.#wanted.get(key);
    if (wanted !== undefined && this.#isOpen) this.#carrier?.subscribe(key, wanted.topic, wanted.cursor());
  }

  drop(key: string): void {
    if (!this.#wanted.delete(key)) return;
    if (this.#isOpen) this.#carrier?.unsubscribe(key);
    if (this.#wanted.size > 0) return;
    clearTimeout(this.#linger);
    this.#linger = setTimeout(() => this.#wanted.size === 0 && this.close(), LINGER_MS);
  }

  /** Tries at once, if it waits to. */
  retryNow(): void {
    if (this.#carrier === null && this.#wanted.size > 0) this.#open();
  }

  /** Makes sure soon that the connection lives: it may have died unseen while the machine slept. */
  probe(): void {
    if (!this.#isOpen) {
      this.retryNow();
      return;
    }
    if (this.#carrier?.answers === false) {
      for (const key of this.#wanted.keys()) this.again(key);
      return;
    }
    this.#ping();
    this.#patience = HURRIED_MS;
    setTimeout(() => this.#watch(), HURRIED_MS + 1);
  }

  /** Does what its timers should have done by now: those of a hidden page are late. */
  wake(): void {
    if (this.#isOpen) this.#watch();
    else if (this.#retry !== undefined && steady() >= this.#retryAt) this.#open();
  }

  close(): void {
    this.#stop();
    clearTimeout(this.#linger);
    this.#tell({ ...IDLE });
  }

  get #state(): Connection["state"] {
    return this.#connection.getSnapshot().state;
  }

  get #isOpen(): boolean {
    return this.#carrier !== null && this.#heardAt !== null;
  }

  #open(): void {
    this.#stop();
    this.#epoch += 1;
    const epoch = this.#epoch;
    const mine = <Given extends unknown[]>(call: (...given: Given) => void) => {
      return (...given: Given) => void (epoch === this.#epoch && call(...given));
    };
    const { lostAt, tries, problem } = this.#connection.getSnapshot();
    this.#tell({ state: "connecting", lostAt, tries, problem });
    this.#carrier = this.#way({
      opened: mine(() => this.#opened()),
      heard: mine((key: string | null, frame: Frame | null) => this.#hear(key, frame)),
      lost: mine((why: { opened: boolean; error: unknown }) => void this.#lost(why)),
    });
  }

  get #way(): OpenCarrier {
    const given = this.#socketFailures >= SOCKET_FAILURES && steady() - this.#socketsFailedAt < WITHOUT_SOCKET_MS;
    return (given ? this.#ways.stream : null) ?? this.#ways.socket;
  }

  #opened(): void {
    this.#heardAt = steady();
    this.#pingedAt = null;
    this.#proven = false;
    this.#look = setInterval(() => this.#watch(), LOOK_MS);
    for (const [key, wanted] of this.#wanted) this.#carrier?.subscribe(key, wanted.topic, wanted.cursor());
    if (this.#wanted.size === 0) this.#ping();
    void this.#http.learnTime(this.#clock).catch(() => undefined); // the clock is as good as it was
  }

  #hear(key: string | null, frame: Frame | null): void {
    this.#heardAt = steady();
    this.#pingedAt = null;
    this.#patience = UNANSWERED_MS;
    if (!this.#proven) {
      this.#proven = true;
      this.#tell({ state: "live", lostAt: null, tries: 0, problem: null });
    }
    const wanted = key === null ? undefined : this.#wanted.get(key);
    if (key === null || wanted === undefined || frame === null) return;
    if (frame.name === "error") this.#refused(key, frame);
    else if (isLast(frame)) this.#wanted.delete(key);
    wanted.hear(frame);
    if (this.#wanted.size === 0) this.drop(key);
  }

  /** A subscription was refused: for good, or because the server can not answer just now. */
  #refused(key: string, frame: Frame): void {
    const status = (frame.data as { status?: number }).status ?? 500;
    if (status < 500) {
      this.#wanted.delete(key);
      return;
    }
    const timer = setTimeout(() => {
      this.#again.delete(timer);
      this.again(key);
    }, REFUSED_AGAIN_MS);
    this.#again.add(timer);
  }

  /** Asks for a sign of life after a while without one. Timers of a hidden page are late: only an answer counts. */
  #watch(): void {
    if (this.#heardAt === null) return;
    const now = steady();
    if (this.#pingedAt === null) {
      if (now - this.#heardAt >= QUIET_MS) this.#ping();
    } else if (now - this.#pingedAt >= this.#patience) {
      const lostAt = this.#lostAt();
      this.#stop();
      this.#tell({ state: "stale", lostAt });
      this.#wait(FIRST_MS);
    }
  }

  #ping(): void {
    this.#pingedAt ??= steady();
    this.#carrier?.ping();
  }

  async #lost(why: { opened: boolean; error: unknown }): Promise<void> {
    const lostAt = this.#lostAt();
    const tries = this.#proven && why.opened ? 0 : this.#connection.getSnapshot().tries + 1;
    this.#stop();
    this.#tell({ state: "offline", lostAt, tries, problem: null });
    const epoch = this.#epoch;
    const problem = why.error instanceof Refused ? why.error : await this.#probed(why.opened);
    if (epoch !== this.#epoch || this.#retry !== undefined) return;
    const pause = tries === 0 ? pauseAfter(1) : pauseAfter(tries + 1);
    this.#wait(pause);
    const state = problem?.denies ? "denied" : "offline";
    this.#tell({
      state,
      lostAt,
      tries,
      problem: problem?.denies ? problem : null,
      nextTryAt: this.#clock.now() + pause,
    });
  }

  #wait(ms: number): void {
    this.#retryAt = steady() + ms;
    this.#retry = setTimeout(() => this.#open(), ms);
  }

  /** Whether the server itself answers where a connection does not open, and what it has against the caller. */
  async #probed(opened: boolean): Promise<Refused | null> {
    try {
      await this.#http.learnTime(this.#clock, PROBE_MS);
    } catch (error) {
      return error instanceof Refused ? error : null;
    }
    if (!opened) {
      this.#socketFailures += 1;
      this.#socketsFailedAt = steady();
    }
    return null;
  }

  /** Until when what is shown was sure. */
  #lostAt(): number | null {
    const { lostAt } = this.#connection.getSnapshot();
    if (lostAt !== null || this.#heardAt === null) return lostAt;
    return this.#clock.now() - (steady() - this.#heardAt);
  }

  #stop(): void {
    this.#epoch += 1;
    clearTimeout(this.#retry);
    this.#retry = undefined;
    clearInterval(this.#look);
    for (const timer of this.#again) clearTimeout(timer);
    this.#again.clear();
    this.#carrier?.close();
    this.#carrier = null;
    this.#heardAt = null;
  }

  #tell(news: Partial<Connection> & { state: Connection["state"] }): void {
    const before = this.#connection.getSnapshot();
    const since = news.state === before.state ? before.since : this.#clock.now();
    this.#connection.set({ ...before, nextTryAt: null, ...news, since });
  }
}
