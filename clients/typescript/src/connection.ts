/** How the live connection is. */

import type { Refused } from "./problem.js";
import type { Store } from "./types.js";

/**
 * idle: nothing is followed. connecting: it is being opened. live: what is shown is so now. stale: nothing was heard for
 * 45 s. offline: lost, and tried again at `nextTryAt`. denied: the server does not let the caller in.
 */
export type ConnectionState = "idle" | "connecting" | "live" | "stale" | "offline" | "denied";

/** Times are milliseconds since 1970 by the server's clock. */
export interface Connection {
  readonly state: ConnectionState;
  readonly since: number;
  /** Until when what is shown was sure; null while it is. */
  readonly lostAt: number | null;
  readonly nextTryAt: number | null;
  /** Failed tries in a row. */
  readonly tries: number;
  /** Why the server does not let the caller in. */
  readonly problem: Refused | null;
}

/** What somebody wants to be told of the connection. Nothing that they do stops it. */
export interface Callbacks {
  onConnectionStateChange?: ((state: ConnectionState, connection: Connection) => void) | undefined;
  /** It was lost and is live again. */
  onReconnectionSuccess?: ((connection: Connection) => void) | undefined;
  /** Five tries in a row have failed, or the server does not let the caller in. Told once for each loss; it goes on trying. */
  onReconnectionFailed?: ((connection: Connection) => void) | undefined;
}

export const FAILED_TRIES = 5;

export const IDLE: Connection = { state: "idle", since: 0, lostAt: null, nextTryAt: null, tries: 0, problem: null };

const WORST_FIRST: readonly ConnectionState[] = ["denied", "stale", "offline", "connecting", "live", "idle"];

/** Several connections as one: as good as the worst of them. */
export function worstOf(all: readonly Connection[]): Connection {
  const rank = (one: Connection) => WORST_FIRST.indexOf(one.state);
  return all.reduce((worst, one) => (rank(one) < rank(worst) ? one : worst), all[0] ?? IDLE);
}

/** Calls whoever wants to know. Returns what ends that. */
export function announce(connection: Store<Connection>, callbacks: Callbacks): () => void {
  let before = connection.getSnapshot();
  let lost = false;
  let told = false;
  return connection.subscribe(() => {
    const now = connection.getSnapshot();
    if (now.state !== before.state) callbacks.onConnectionStateChange?.(now.state, now);
    before = now;
    if (now.lostAt !== null) lost = true;
    if (now.state === "live") {
      if (lost) callbacks.onReconnectionSuccess?.(now);
      lost = false;
      told = false;
    } else if (!told && (now.state === "denied" || now.tries >= FAILED_TRIES)) {
      told = true;
      callbacks.onReconnectionFailed?.(now);
    }
  });
}
