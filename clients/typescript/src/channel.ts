/** What the tabs of a browser say to each other. */

import type { Connection } from "./connection.js";
import type { Frame, Topic } from "./frame.js";
import type { After, Job } from "./types.js";

export interface WantedBy {
  key: string;
  topic: Topic;
  after: After;
}

/** From a tab that follows, to the one that leads. */
export type Asked = { from: string } & (
  | { does: "here"; wants: WantedBy[] }
  | { does: "again"; key: string; after: After }
  | { does: "refresh"; key: string; job: Job }
  | { does: "look" }
  | { does: "retry" }
  | { does: "bye" }
);

/** From the tab that leads: to all, or to one. */
export type Said =
  | { does: "leads" }
  | { does: "led"; to: string; connection: Connection }
  | { does: "connection"; connection: Connection }
  | { does: "frames"; key: string; frames: readonly Frame[] };

/** A BroadcastChannel, or something that does the same. */
export interface Channel {
  postMessage(message: Asked | Said): void;
  onmessage: ((event: MessageEvent<Asked | Said>) => void) | null;
  close(): void;
}
