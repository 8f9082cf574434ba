/** Whether the server wants its token from this browser: known from the first 401 on. */

import { Refused, type Store } from "@headway/client";
import { useSyncExternalStore } from "react";
import { client } from "./client";
import { queries } from "./queries";

const listeners = new Set<() => void>();
let needed = false;

/** For those who are no component. */
export const signInNeeded: Store<boolean> = { getSnapshot: isNeeded, subscribe };

export function useSignIn(): { needed: boolean } {
  return { needed: useSyncExternalStore(subscribe, isNeeded, isNeeded) };
}

/** Throws Refused where it is not the server's token. */
export async function signIn(token: string): Promise<void> {
  await client.rest.POST("/api/v1/login", { body: { token } });
  change(false);
  client.retryNow();
  await queries.resetQueries(); // answers and refusals of before belong to nobody
}

export async function signOut(): Promise<void> {
  await client.rest.DELETE("/api/v1/login");
  change(true);
  queries.clear();
}

/** Watches answers and the live connection for a 401. */
function watch(): void {
  queries.getQueryCache().subscribe((event) => {
    if (event.type === "updated" && event.action.type === "error") notice(event.action.error);
  });
  client.connection.subscribe(() => {
    const { state, problem } = client.connection.getSnapshot();
    if (state === "denied") notice(problem);
  });
}

function notice(error: unknown): void {
  if (error instanceof Refused && error.status === 401) change(true);
}

function change(next: boolean): void {
  if (next === needed) return;
  needed = next;
  for (const listener of listeners) listener();
}

function isNeeded(): boolean {
  return needed;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

watch();
