/** Keeps one live connection while the pages are open, so that each of them knows when it is lost. */

import type { Client } from "@headway/client";
import { useEffect } from "react";

export function useHeard(client: Client, wanted: boolean): void {
  useEffect(() => {
    if (!wanted) return;
    const store = client.followJobs({ active: true, limit: 1 });
    return () => store.close();
  }, [client, wanted]);
}
