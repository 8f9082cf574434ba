/** Whether live updates come, as pages and actions need to know it. */

import type { Connection } from "@headway/client";
import { useSyncExternalStore } from "react";
import { client } from "./client";

/** The connection of the whole client. */
export function useSignal(): Connection {
  return useSyncExternalStore(
    client.connection.subscribe,
    client.connection.getSnapshot,
    client.connection.getSnapshot,
  );
}

/** Live updates were there and are lost: what is shown is the last that was heard, and nothing may be asked. */
export function useLost(): boolean {
  return isLost(useSignal());
}

export function isLost(connection: Connection): boolean {
  return connection.state === "offline" || connection.state === "stale" || connection.lostAt !== null;
}
