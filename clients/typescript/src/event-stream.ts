/** Server-sent events in place of a WebSocket: one answer that does not end for each subscription. */

import type { Carried, Carrier } from "./carrier.js";
import { steady } from "./clock.js";
import { isLast, type Topic } from "./frame.js";
import type { Http } from "./http.js";
import { Refused } from "./problem.js";
import { SseReader, type Told } from "./sse.js";
import type { After } from "./types.js";

/** A browser opens six connections to a host over HTTP/1.1: some are left for calls. */
const AT_ONCE = 4;
/** How long a topic has its turn where more are followed. */
const TURN_MS = 5_000;
const OPEN_MS = 10_000;

export function openStreams(http: Http, carried: Carried, turnMs = TURN_MS): Carrier {
  return new StreamsCarrier(http, carried, turnMs);
}

class Subscription {
  readonly topic: Topic;
  readonly key: string;
  after: After;
  aborted: AbortController | null = null;
  begunAt = 0;

  constructor(key: string, topic: Topic, after: After) {
    this.key = key;
    this.topic = topic;
    this.after = after;
  }
}

/** Four answers at once; where more is followed they take turns. */
class StreamsCarrier implements Carrier {
  readonly answers = false;
  readonly #http: Http;
  readonly #carried: Carried;
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #turns: ReturnType<typeof setInterval>;
  #closed = false;

  constructor(http: Http, carried: Carried, turnMs: number) {
    this.#http = http;
    this.#carried = carried;
    this.#turns = setInterval(() => this.#turn(), turnMs);
    queueMicrotask(() => this.#closed || carried.opened());
  }

  subscribe(key: string, topic: Topic, after: After): void {
    this.unsubscribe(key);
    this.#subscriptions.set(key, new Subscription(key, topic, after));
    this.#fill();
  }

  unsubscribe(key: string): void {
    this.#subscriptions.get(key)?.aborted?.abort();
    this.#subscriptions.delete(key);
    this.#fill();
  }

  /** The server sends a comment every 15 s by itself; without a subscription there is nothing to be heard. */
  ping(): void {
    if (this.#subscriptions.size === 0 && !this.#closed) queueMicrotask(() => this.#carried.heard(null, null));
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#turns);
    for (const one of this.#subscriptions.values()) one.aborted?.abort();
  }

  #fill(): void {
    const all = [...this.#subscriptions.values()];
    const free = AT_ONCE - all.filter((one) => one.aborted !== null).length;
    for (const one of all.filter((other) => other.aborted === null).slice(0, Math.max(0, free))) void this.#read(one);
  }

  /** Those that wait take the place of those that have been told longest. */
  #turn(): void {
    const all = [...this.#subscriptions.values()];
    const waiting = all.filter((one) => one.aborted === null).length;
    const reading = all.filter((one) => one.aborted !== null).sort((one, other) => one.begunAt - other.begunAt);
    for (const one of reading.slice(0, Math.min(waiting, AT_ONCE))) {
      one.aborted?.abort();
      one.aborted = null;
      this.#subscriptions.delete(one.key);
      this.#subscriptions.set(one.key, one);
    }
    if (waiting > 0) this.#fill();
  }

  async #read(one: Subscription): Promise<void> {
    const aborted = new AbortController();
    one.aborted = aborted;
    one.begunAt = steady();
    const timer = setTimeout(() => aborted.abort(new Error("The answer took too long.")), OPEN_MS);
    try {
      const response = await this.#open(one, aborted.signal);
      clearTimeout(timer);
      await this.#tell(one, response, aborted.signal);
      if (this.#subscriptions.get(one.key) === one && !aborted.signal.aborted) this.#lose(null);
    } catch (error) {
      clearTimeout(timer);
      const replaced = one.aborted !== aborted || this.#subscriptions.get(one.key) !== one;
      if (!replaced) this.#failed(one, error);
    }
  }

  #open({ topic, after }: Subscription, signal: AbortSignal): Promise<Response> {
    if ("jobs" in topic) return this.#http.open("/stream", topic.jobs, {}, signal);
    const query = after === null ? {} : { after };
    return this.#http.open(`/jobs/${encodeURIComponent(topic.job)}/stream`, query, {}, signal);
  }

  async #tell(one: Subscription, response: Response, signal: AbortSignal): Promise<void> {
    const events = new SseReader();
    const decoder = new TextDecoder();
    const reader = response.body?.getReader();
    if (reader === undefined) return;
    for (;;) {
      const { done, value } = await reader.read();
      if (done || signal.aborted || this.#closed) break;
      this.#carried.heard(null, null);
      for (const told of events.take(decoder.decode(value, { stream: true }))) this.#event(one, told);
    }
    await reader.cancel().catch(() => undefined); // it may be broken already
  }

  #event(one: Subscription, told: Told): void {
    if (this.#closed || this.#subscriptions.get(one.key) !== one) return;
    const frame = { name: told.name, id: told.id, data: JSON.parse(told.data) as unknown };
    one.after = told.id ?? one.after;
    if (isLast(frame)) this.unsubscribe(one.key);
    this.#carried.heard(one.key, frame);
  }

  /** One topic can be refused while the others are told; an answer that is lost is lost for all. */
  #failed(one: Subscription, error: unknown): void {
    if (this.#closed) return;
    if (!(error instanceof Refused) || error.denies) {
      this.#lose(error);
      return;
    }
    this.unsubscribe(one.key);
    this.#carried.heard(one.key, { name: "error", data: error.problem });
  }

  #lose(error: unknown): void {
    if (this.#closed) return;
    this.close();
    this.#carried.lost({ opened: true, error });
  }
}
