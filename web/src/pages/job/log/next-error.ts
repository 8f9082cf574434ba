/** The way from one error of a log to the next. */

import { useClient } from "@headway/client/react";
import { useCallback } from "react";

/** Finds the next line of an error, from the one that is looked at; from the top after the last. */
export function useNextError(job: string, here: number | null): () => Promise<number | null> {
  const client = useClient();
  return useCallback(async () => {
    for (const after of here === null ? [0] : [here, 0]) {
      const { data } = await client.rest.GET("/api/v1/jobs/{any_id}/logs", {
        params: { path: { any_id: job }, query: { after, limit: 1, level: ["error", "critical"] } },
      });
      const found = data.logs[0];
      if (found !== undefined) return found.seq;
    }
    return null;
  }, [client, job, here]);
}
