// @vitest-environment happy-dom
/** While the server is lost, or wants its token, the pages ask nothing; then each read that is shown is done once. */

import type { Connection, Store } from "@headway/client";
import { onlineManager, QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { askWhileHeard } from "../src/data/asking";

class Told<T> implements Store<T> {
  readonly #listeners = new Set<() => void>();
  constructor(private value: T) {}
  getSnapshot = () => this.value;
  subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  tell(value: T): void {
    this.value = value;
    for (const listener of this.#listeners) listener();
  }
}

const LIVE: Connection = { state: "live", since: 0, lostAt: null, nextTryAt: null, tries: 0, problem: null };
const OFFLINE: Connection = { ...LIVE, state: "offline", lostAt: 1 };
const EVERY_MS = 1_000;

let connection: Told<Connection>;
let signInNeeded: Told<boolean>;
let queries: QueryClient;
let reads: number;
let fails: boolean;
let end = () => {};

beforeEach(async () => {
  vi.useFakeTimers();
  [connection, signInNeeded] = [new Told(LIVE), new Told(false)];
  [reads, fails] = [0, false];
  askWhileHeard(connection, signInNeeded);
  queries = new QueryClient({ defaultOptions: { queries: { refetchOnReconnect: "always", retry: 2 } } });
  queries.mount();
  const read = async () => {
    reads += 1;
    if (fails) throw new Error("no answer");
    return reads;
  };
  end = new QueryObserver(queries, { queryKey: ["a"], queryFn: read, refetchInterval: EVERY_MS }).subscribe(() => {});
  await vi.advanceTimersByTimeAsync(10 * EVERY_MS);
  expect(reads).toBeGreaterThan(5);
});

afterEach(() => {
  end();
  queries.unmount();
  onlineManager.setEventListener(() => undefined);
  onlineManager.setOnline(true);
  vi.useRealTimers();
});

it("asks nothing and tries nothing again while the server is lost", async () => {
  fails = true;
  await vi.advanceTimersByTimeAsync(EVERY_MS);
  connection.tell(OFFLINE);
  const before = reads;
  await vi.advanceTimersByTimeAsync(60 * EVERY_MS);
  connection.tell({ ...OFFLINE, state: "connecting", tries: 3 });
  await vi.advanceTimersByTimeAsync(60 * EVERY_MS);
  expect(reads).toBe(before);
});

it("reads once what is shown when the server is there again, and goes on", async () => {
  connection.tell(OFFLINE);
  await vi.advanceTimersByTimeAsync(60 * EVERY_MS);
  const before = reads;
  connection.tell(LIVE);
  await vi.advanceTimersByTimeAsync(600);
  expect(reads).toBe(before + 1);
  await vi.advanceTimersByTimeAsync(5 * EVERY_MS);
  expect(reads).toBeGreaterThan(before + 3);
});

it("asks nothing while the server wants its token", async () => {
  signInNeeded.tell(true);
  const before = reads;
  await vi.advanceTimersByTimeAsync(60 * EVERY_MS);
  expect(reads).toBe(before);
  signInNeeded.tell(false);
  await vi.advanceTimersByTimeAsync(600);
  expect(reads).toBe(before + 1);
});
