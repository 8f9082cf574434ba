/** A WebSocket that carries subscriptions. */

import type { Carried, Carrier } from "./carrier.js";
import { steady } from "./clock.js";
import { subscribing, type Topic } from "./frame.js";
import type { Http } from "./http.js";
import type { After } from "./types.js";

export const CONNECT_MS = 10_000;
/** Messages that the server takes from a connection in a minute; some are left for pings. */
const MOST_A_MINUTE = 90;
const MINUTE_MS = 60_000;

interface Told {
  key: string | null;
  name: string;
  id?: string;
  data: unknown;
}

/** Opens one connection, with a fresh token. */
export function openSocket(http: Http, carried: Carried): Carrier {
  return new SocketCarrier(http, carried);
}

/**
 * What is to be sent waits by key, so that no more than one message for each subscription ever waits: a subscription
 * that nobody wants any more is not sent at all.
 */
class SocketCarrier implements Carrier {
  readonly answers = true;
  readonly #carried: Carried;
  #socket: WebSocket | null = null;
  #opened = false;
  #closed = false;
  #serial = 0;
  /** The key on the wire of each subscription: a new one for each time, so that answers of an earlier one are known. */
  readonly #wire = new Map<string, string>();
  readonly #keys = new Map<string, string>();
  readonly #waiting = new Map<string, object>();
  #sent: number[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(http: Http, carried: Carried) {
    this.#carried = carried;
    this.#timer = setTimeout(() => this.#lose(new Error("The connection took too long.")), CONNECT_MS);
    void this.#open(http);
  }

  subscribe(key: string, topic: Topic, after: After): void {
    this.unsubscribe(key);
    this.#serial += 1;
    const wire = String(this.#serial);
    this.#wire.set(key, wire);
    this.#keys.set(wire, key);
    this.#waiting.set(wire, { subscribe: subscribing(topic, after), key: wire });
    this.#send();
  }

  unsubscribe(key: string): void {
    const wire = this.#wire.get(key);
    if (wire === undefined) return;
    this.#wire.delete(key);
    this.#keys.delete(wire);
    if (!this.#waiting.delete(wire)) this.#waiting.set(wire, { unsubscribe: wire });
    this.#send();
  }

  ping(): void {
    this.#waiting.set("ping", { ping: 1 });
    this.#send();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#socket?.close(1000);
  }

  async #open(http: Http): Promise<void> {
    try {
      const token = await http.token();
      if (this.#closed) return;
      const socket = new WebSocket(addressOf(http), protocols(token));
      this.#socket = socket;
      socket.onopen = () => this.#begin();
      socket.onmessage = (message) => this.#hear(String(message.data));
      socket.onerror = () => this.#lose(new Error("failed"));
      socket.onclose = (event) => this.#lose(new Error(`closed with ${event.code}`));
    } catch (error) {
      this.#lose(error);
    }
  }

  #begin(): void {
    if (this.#closed) {
      this.#socket?.close(1000);
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#opened = true;
    this.#carried.opened();
  }

  #hear(text: string): void {
    if (this.#closed) return;
    const told = JSON.parse(text) as Told;
    const key = told.key === null ? undefined : this.#keys.get(told.key);
    if (key === undefined || told.name === "done") {
      this.#carried.heard(null, null);
      return;
    }
    if (told.name === "end" || told.name === "error") this.#forget(key);
    this.#carried.heard(key, { name: told.name, id: told.id, data: told.data });
  }

  /** The server has ended a subscription: there is nothing to unsubscribe. */
  #forget(key: string): void {
    const wire = this.#wire.get(key);
    if (wire === undefined) return;
    this.#wire.delete(key);
    this.#keys.delete(wire);
    this.#waiting.delete(wire);
  }

  #send(): void {
    const socket = this.#socket;
    if (!this.#opened || this.#closed || socket === null || this.#timer !== undefined) return;
    for (const [key, message] of this.#waiting) {
      const wait = this.#patience();
      if (wait > 0) {
        this.#timer = setTimeout(() => this.#sendAgain(), wait);
        return;
      }
      this.#waiting.delete(key);
      this.#sent.push(steady());
      socket.send(JSON.stringify(message));
    }
  }

  #sendAgain(): void {
    this.#timer = undefined;
    this.#send();
  }

  /** How long the next message has to wait, so that the server does not take them for too many. */
  #patience(): number {
    const now = steady();
    this.#sent = this.#sent.filter((at) => now - at < MINUTE_MS);
    const first = this.#sent[0];
    return this.#sent.length < MOST_A_MINUTE || first === undefined ? 0 : first + MINUTE_MS - now;
  }

  #lose(error: unknown): void {
    if (this.#closed) return;
    this.close();
    this.#carried.lost({ opened: this.#opened, error });
  }
}

function addressOf(http: Http): string {
  const here = typeof location === "undefined" ? undefined : location.href;
  const query = http.session === undefined ? {} : { session: http.session };
  const address = new URL(http.address("/ws", query), here);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  return address.href;
}

/** Browsers let a page say nothing else with a WebSocket: the token goes as a subprotocol. */
function protocols(token: string | null): string[] {
  return token === null ? [] : ["headway", `bearer.${base64url(token)}`];
}

function base64url(text: string): string {
  const bytes = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
  return btoa(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
