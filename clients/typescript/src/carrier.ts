/** What carries subscriptions: a WebSocket, or streams of server-sent events. */

import type { Frame, Topic } from "./frame.js";
import type { After } from "./types.js";

/** What one connection tells its owner. After `lost` it tells nothing more. */
export interface Carried {
  /** It is open: subscribe now. */
  opened(): void;
  /** Something was heard. key: of the subscription; null for a sign of life. */
  heard(key: string | null, frame: Frame | null): void;
  /** It is closed. refused: why, where the server has said so. */
  lost(why: { opened: boolean; error: unknown }): void;
}

/** One connection. */
export interface Carrier {
  /** Subscribes, in place of a subscription of that key that there may be. */
  subscribe(key: string, topic: Topic, after: After): void;
  unsubscribe(key: string): void;
  /** Whether a ping is answered. */
  readonly answers: boolean;
  /** Asks for a sign of life. */
  ping(): void;
  /** Ends it; tells nothing more. */
  close(): void;
}

export type OpenCarrier = (carried: Carried) => Carrier;
