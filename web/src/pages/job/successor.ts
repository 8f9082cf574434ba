/** What came of a job that is over: the one that was begun anew from it last. */

import type { Job } from "@headway/client";
import { useClient } from "@headway/client/react";
import { useQuery } from "@tanstack/react-query";

/** Its id; null where there is none, or before that is read. */
export function useSuccessor({ id, ended_at }: Job): string | null {
  const client = useClient();
  const { data } = useQuery({
    queryKey: ["job", id, "successor"],
    enabled: ended_at !== null,
    queryFn: async () => {
      const query = { q: `restarted_from:${id}`, limit: 1 };
      return (await client.rest.GET("/api/v1/jobs", { params: { query } })).data.jobs[0]?.id ?? null;
    },
  });
  return data ?? null;
}
