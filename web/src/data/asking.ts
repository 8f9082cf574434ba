/**
 * Whether the pages may ask the server anything. While it is lost, or wants its token first, they wait: no read is begun
 * or tried again. Once it answers, each read that is shown is done once.
 */

import type { Connection, Store } from "@headway/client";
import { onlineManager } from "@tanstack/react-query";

/** Tabs that have waited for the same server do not all ask in the same moment. */
const SPREAD_MS = 500;

/** For what is read without a query. */
export function mayAsk(): boolean {
  return onlineManager.isOnline();
}

export function askWhileHeard(connection: Store<Connection>, signInNeeded: Store<boolean>): void {
  onlineManager.setEventListener((setOnline) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      // Where live updates never came, reads may get through all the same.
      const mayAsk = connection.getSnapshot().lostAt === null && !signInNeeded.getSnapshot();
      if (mayAsk === onlineManager.isOnline() && timer === undefined) return;
      clearTimeout(timer);
      timer = undefined;
      if (!mayAsk) return setOnline(false);
      timer = setTimeout(() => {
        timer = undefined;
        setOnline(true);
      }, Math.random() * SPREAD_MS);
    };
    const ends = [connection.subscribe(look), signInNeeded.subscribe(look)];
    look();
    return () => {
      clearTimeout(timer);
      for (const end of ends) end();
    };
  });
}
