/** What a person has chosen for this browser. One entry of local storage; all tabs follow it. */

import { useSyncExternalStore } from "react";

const KEY = "headway.preferences";

export interface Preferences {
  theme: "system" | "light" | "dark";
  density: "comfortable" | "compact";
  zone: "local" | "UTC";
  shortcuts: boolean;
  motion: "system" | "less";
}

const DEFAULTS: Preferences = {
  theme: "system",
  density: "comfortable",
  zone: "local",
  shortcuts: true,
  motion: "system",
};

const listeners = new Set<() => void>();
let current = read();

export function preferences(): Preferences {
  return current;
}

export function prefer(chosen: Partial<Preferences>): void {
  const next = { ...current, ...chosen };
  if (JSON.stringify(next) === JSON.stringify(current)) return; // those who are told may choose the same again
  current = next;
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // Storage is full or off: the choice holds until the page is closed.
  }
  tell();
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, preferences, preferences);
}

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function read(): Preferences {
  try {
    return { ...DEFAULTS, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Preferences>) };
  } catch {
    return DEFAULTS; // storage is off, or holds what this release does not know
  }
}

function tell(): void {
  for (const listener of listeners) listener();
}

window.addEventListener("storage", (event) => {
  if (event.key !== KEY) return;
  current = read();
  tell();
});
