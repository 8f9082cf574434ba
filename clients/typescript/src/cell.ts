/** A store: one value, and who wants to hear of another. */

import type { Store } from "./types.js";

const HIDDEN_MS = 100;

export class Cell<T> implements Store<T> {
  #value: T;
  #due = false;
  readonly #listeners = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  getSnapshot = (): T => this.#value;

  subscribe = (listener: () => void): (() => void) => {
    const one = () => listener();
    this.#listeners.add(one);
    return () => this.#listeners.delete(one);
  };

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    this.changed();
  }

  /** Tells the listeners at the next frame, however often it is called until then. */
  changed(): void {
    if (this.#due || this.#listeners.size === 0) return;
    this.#due = true;
    nextFrame(() => {
      this.#due = false;
      for (const listener of [...this.#listeners]) listener();
    });
  }
}

/** Calls at the next frame; a page that is not seen has none, so it is called a little later there. */
function nextFrame(call: () => void): void {
  const seen = typeof document !== "undefined" && document.visibilityState === "visible";
  if (seen && typeof requestAnimationFrame === "function") requestAnimationFrame(call);
  else setTimeout(call, HIDDEN_MS);
}
