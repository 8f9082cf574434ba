/** Calls to the server: with token, session and idempotency key, sent again where that is safe. */

import { pauseAfter } from "./backoff.js";
import type { ServerClock } from "./clock.js";
import { Refused, refusalOf, Unreachable } from "./problem.js";

export const API = "/api/v1";
const MOST_TRIES = 4;
const TIMEOUT_MS = 40_000;
/** How long a token serves for calls. Each connection has one of its own. */
const TOKEN_MS = 30_000;
const PASSING = new Set(["under_way", "store_busy"]);
const PASSING_STATUSES = new Set([429, 502, 504]);
const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

export type TokenSource = () => string | Promise<string>;

export interface HttpOptions {
  /** Where the server is: "" for the origin of the page, else an origin, a mount prefix, or both. */
  baseUrl: string;
  token?: TokenSource | undefined;
  /** The session in which to act; else the browser's own. */
  session?: string | undefined;
}

export interface JsonCall {
  query?: Record<string, unknown>;
  body?: unknown;
  /** The same key and body within 24 hours are done once. */
  key?: string | undefined;
  signal?: AbortSignal;
}

export class Http {
  readonly #options: HttpOptions;
  #token: { text: string; until: number } | null = null;

  constructor(options: HttpOptions) {
    this.#options = { ...options, baseUrl: options.baseUrl.replace(/\/+$/, "") };
  }

  get baseUrl(): string {
    return this.#options.baseUrl;
  }

  get session(): string | undefined {
    return this.#options.session;
  }

  /** The whole address of a path of the API. */
  address(path: string, query: Record<string, unknown> = {}): string {
    const asked = searched(query);
    return `${this.baseUrl}${API}${path}${asked && `?${asked}`}`;
  }

  /** A fresh token; null where none is needed. Throws Unreachable. */
  async token(): Promise<string | null> {
    const { token } = this.#options;
    if (token === undefined) return null;
    try {
      this.#token = { text: await token(), until: Date.now() + TOKEN_MS };
      return this.#token.text;
    } catch (error) {
      throw new Unreachable("What gives tokens", error);
    }
  }

  /** Sends a request, again where it may be and that can help. Throws Refused or Unreachable. */
  async send(request: Request): Promise<Response> {
    const headers = new Headers(request.headers);
    if (!SAFE.has(request.method) && !headers.has("Idempotency-Key")) headers.set("Idempotency-Key", newKey());
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#once(new Request(request.clone(), { headers }), AbortSignal.timeout(TIMEOUT_MS));
      } catch (error) {
        if (request.signal.aborted) throw request.signal.reason;
        const pause = tries < MOST_TRIES ? pauseBefore(error, tries) : null;
        if (pause === null) throw error;
        await slept(pause);
      }
    }
  }

  /** Calls and reads the answer. Throws Refused or Unreachable. */
  async json<T>(method: string, path: string, call: JsonCall = {}): Promise<T> {
    const response = await this.send(this.#request(method, path, call));
    return (response.status === 204 ? null : await response.json()) as T;
  }

  /** Asks once, and waits no longer than that. Throws Refused or Unreachable. */
  async ask<T>(path: string, timeoutMs: number): Promise<T> {
    const response = await this.#once(this.#request("GET", path, {}), AbortSignal.timeout(timeoutMs));
    return (await response.json()) as T;
  }

  /** Opens an answer that does not end. Throws Refused or Unreachable. */
  async open(
    path: string,
    query: Record<string, unknown>,
    headers: HeadersInit,
    signal: AbortSignal,
  ): Promise<Response> {
    await this.token();
    return this.#once(new Request(this.address(path, query), { headers, signal, cache: "no-store" }), null);
  }

  /** Learns the server's time. Throws Refused or Unreachable: so it is also how to see whether the server answers. */
  async learnTime(clock: ServerClock, timeoutMs = 10_000): Promise<void> {
    const asked = clock.moment();
    const { now } = await this.ask<{ now: number }>("/changes", timeoutMs);
    clock.learn(now * 1000, asked);
  }

  #request(method: string, path: string, { query, body, key, signal }: JsonCall): Request {
    const headers = new Headers({ Accept: "application/json" });
    if (body !== undefined) headers.set("Content-Type", "application/json");
    if (key !== undefined) headers.set("Idempotency-Key", key);
    const content = body === undefined ? null : JSON.stringify(body);
    return new Request(this.address(path, query), { method, headers, body: content, signal: signal ?? null });
  }

  /** Once; again with a fresh token where that of a moment ago is refused. */
  async #once(request: Request, limit: AbortSignal | null): Promise<Response> {
    const known = this.#token !== null && Date.now() < this.#token.until ? this.#token.text : null;
    if (known === null) return this.#sent(request, await this.token(), limit);
    try {
      return await this.#sent(request.clone(), known, limit);
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 401) throw error;
      return this.#sent(request, await this.token(), limit);
    }
  }

  async #sent(request: Request, token: string | null, limit: AbortSignal | null): Promise<Response> {
    const headers = new Headers(request.headers);
    if (token !== null) headers.set("Authorization", `Bearer ${token}`);
    if (this.session !== undefined && !headers.has("Headway-Session")) headers.set("Headway-Session", this.session);
    const response = await fetched(new Request(request, { headers, signal: eitherOf(request.signal, limit) }));
    if (!response.ok && response.status !== 304) throw await refusalOf(response);
    return response;
  }
}

/** A key that nobody else has. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A query, repeated where a value is several, without what is undefined. */
function searched(query: Record<string, unknown>): string {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null) asked.append(name, String(one));
    }
  }
  return asked.toString();
}

async function fetched(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    throw new Unreachable(request.url, error);
  }
}

/** How long to wait before a call that failed is sent again; null where that does not help. */
function pauseBefore(error: unknown, tries: number): number | null {
  if (error instanceof Unreachable) return pauseAfter(tries);
  if (!(error instanceof Refused)) return null;
  if (!PASSING.has(error.code) && !PASSING_STATUSES.has(error.status)) return null;
  return Math.min((error.retryAfterS ?? 0) * 1000, 10_000) + pauseAfter(tries);
}

function eitherOf(one: AbortSignal, other: AbortSignal | null): AbortSignal {
  return other === null ? one : AbortSignal.any([one, other]);
}

function slept(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
