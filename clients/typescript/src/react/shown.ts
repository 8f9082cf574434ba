/** Stores as React shows them: begun with the first look, ten times a second at most. */

import { useRef, useSyncExternalStore } from "react";
import type { Store } from "../types.js";

const SHORTEST_MS = 100;

/** A store that is opened (if there is one) when somebody listens and closed when nobody does. Drawing alone opens nothing. */
export class Opened<T, S extends Store<T> & { close(): void }> implements Store<T> {
  readonly #open: () => S | null;
  readonly #empty: T;
  #store: S | null = null;
  #last: T;

  constructor(open: () => S | null, empty: T) {
    this.#open = open;
    this.#empty = empty;
    this.#last = empty;
  }

  /** The store, while it is open. */
  get store(): S | null {
    return this.#store;
  }

  getSnapshot = (): T => {
    if (this.#store !== null) this.#last = this.#store.getSnapshot();
    return this.#last;
  };

  getServerSnapshot = (): T => this.#empty;

  subscribe = (listener: () => void): (() => void) => {
    const store = this.#open();
    this.#store = store;
    if (store === null) return () => undefined;
    const calm = calmed(listener);
    const stop = store.subscribe(calm.call);
    if (store.getSnapshot() !== this.#last) calm.call();
    return () => {
      stop();
      calm.stop();
      store.close();
      if (this.#store === store) this.#store = null;
    };
  };
}

/** Calls at once, and then once for all that comes within a tenth of a second. */
function calmed(listener: () => void): { call: () => void; stop: () => void } {
  let calledAt = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const now = () => {
    timer = undefined;
    calledAt = performance.now();
    listener();
  };
  const call = () => {
    if (timer !== undefined) return;
    const wait = calledAt + SHORTEST_MS - performance.now();
    if (wait <= 0) now();
    else timer = setTimeout(now, wait);
  };
  return { call, stop: () => clearTimeout(timer) };
}

/** What is selected of a store; drawn anew only when that is another. */
export function useSelected<T, U>(
  store: Pick<Opened<T, never>, "subscribe" | "getSnapshot" | "getServerSnapshot">,
  select: (value: T) => U,
): U {
  const kept = useRef<{ select: (value: T) => U; value: T; selected: U } | null>(null);
  const read = (value: T): U => {
    const before = kept.current;
    if (before !== null && before.value === value && before.select === select) return before.selected;
    const selected = select(value);
    const same = before !== null && alike(before.selected, selected) ? before.selected : selected;
    kept.current = { select, value, selected: same };
    return same;
  };
  return useSyncExternalStore(
    store.subscribe,
    () => read(store.getSnapshot()),
    () => read(store.getServerSnapshot()),
  );
}

/** Equal, or equal in all of their members. */
function alike(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (!isPlain(one) || !isPlain(other)) return false;
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => Object.is(one[name], other[name]));
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
