/** The present, by the server's clock. One timer for the whole page; it rests while nobody looks. */

import { useSyncExternalStore } from "react";
import { client } from "../data/client";

const EVERY_MS = 1000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let second = toSecond();

/** Milliseconds since 1970 by the server's clock, new each second. It stands still while live updates are lost. */
export function useNow(): number {
  return useSyncExternalStore(follow, now, now);
}

/** Like useNow, for what is only worded: renders again when the words change, not each second. */
export function useWorded(words: (now: number) => string): string {
  const read = () => words(second);
  return useSyncExternalStore(follow, read, read);
}

function now(): number {
  return second;
}

function follow(listener: () => void): () => void {
  if (listeners.size === 0) begin();
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) end();
  };
}

function begin(): void {
  tick();
  timer = setInterval(tick, EVERY_MS);
  document.addEventListener("visibilitychange", tick);
}

function end(): void {
  clearInterval(timer);
  document.removeEventListener("visibilitychange", tick);
}

function tick(): void {
  if (document.hidden) return;
  const newest = toSecond();
  if (newest === second) return;
  second = newest;
  for (const listener of listeners) listener();
}

function toSecond(): number {
  const { lostAt } = client.connection.getSnapshot();
  return lostAt ?? Math.floor(client.now() / EVERY_MS) * EVERY_MS;
}
