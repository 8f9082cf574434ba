/** When the server's time is learnt anew although the connection stands. */

import { type ServerClock, steady } from "./clock.js";
import type { Http } from "./http.js";
import type { Live } from "./live.js";

/** Between two tries after a doubt: every look at the clock has it until an answer comes. */
const AGAIN_MS = 10_000;

/** Learns it when the page is seen again, and after a sleep of the machine. Returns what ends that. */
export function keepTime(http: Http, clock: ServerClock, live: Live): () => void {
  let doubtedAt = Number.NEGATIVE_INFINITY;
  const learn = (then: () => void) => void http.learnTime(clock).then(then, () => undefined); // it is as good as it was
  const seen = () => document.visibilityState === "visible" && learn(() => undefined);
  clock.onDoubt = () => {
    if (steady() - doubtedAt < AGAIN_MS) return;
    doubtedAt = steady();
    learn(() => live.look()); // the connection may have died in the sleep
  };
  if (typeof document !== "undefined") document.addEventListener("visibilitychange", seen);
  return () => {
    clock.onDoubt = null;
    if (typeof document !== "undefined") document.removeEventListener("visibilitychange", seen);
  };
}
