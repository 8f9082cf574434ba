/** The page in which all this happens. */

import type { Live } from "./live.js";

/** Looks again when the page is seen again or the network is back. Returns what ends that. */
export function watchPage(live: Live): () => void {
  if (typeof document === "undefined") return () => undefined;
  const seen = () => document.visibilityState === "visible" && live.look();
  const back = () => live.retryNow();
  const away = () => live.look();
  document.addEventListener("visibilitychange", seen);
  addEventListener("online", back);
  addEventListener("offline", away);
  addEventListener("pageshow", back);
  return () => {
    document.removeEventListener("visibilitychange", seen);
    removeEventListener("online", back);
    removeEventListener("offline", away);
    removeEventListener("pageshow", back);
  };
}
