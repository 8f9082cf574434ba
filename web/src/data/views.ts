/** Lists that a person has named: query, order and columns, kept in this browser. All tabs follow. */

import { useSyncExternalStore } from "react";

const KEY = "headway.views";
export const LONGEST_NAME = 60;

export interface View {
  name: string;
  query: string;
  sort: string;
  /** Names of columns, parted by commas. */
  columns: string;
}

const listeners = new Set<() => void>();
let current: readonly View[] = read();

export function views(): readonly View[] {
  return current;
}

export function useViews(): readonly View[] {
  return useSyncExternalStore(subscribe, views, views);
}

/** Keeps a view in place of the one of its name; false where the browser stores nothing, and it lasts as the page does. */
export function saveView(view: View): boolean {
  return keep([...current.filter((one) => one.name !== view.name), view]);
}

export function removeView(name: string): boolean {
  return keep(current.filter((one) => one.name !== name));
}

/** A view of the new name, if there is one, is replaced. */
export function renameView(name: string, next: string): boolean {
  return keep(
    current
      .filter((one) => one.name === name || one.name !== next)
      .map((one) => (one.name === name ? { ...one, name: next } : one)),
  );
}

function keep(next: readonly View[]): boolean {
  current = next.toSorted((one, other) => one.name.localeCompare(other.name));
  let stored = true;
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    stored = false; // storage is full or off
  }
  tell();
  return stored;
}

function read(): readonly View[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(found) ? found.filter(isView) : [];
  } catch {
    return []; // storage is off, or holds what this release does not know
  }
}

function isView(found: unknown): found is View {
  const names = ["name", "query", "sort", "columns"];
  return (
    typeof found === "object" &&
    found !== null &&
    names.every((name) => typeof (found as Record<string, unknown>)[name] === "string")
  );
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(): void {
  for (const listener of listeners) listener();
}

window.addEventListener("storage", (event) => {
  if (event.key !== KEY) return;
  current = read();
  tell();
});
