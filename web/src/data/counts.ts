/** How many jobs are in each state, for the navigation. Asked again now and then while somebody looks, and after acts. */

import { useQuery } from "@tanstack/react-query";
import { client } from "./client";
import { queries } from "./queries";

const EVERY_MS = 5_000;
const KEY = ["counts"] as const;

export function useCounts(): Record<string, number> | null {
  const { data } = useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) => (await client.rest.GET("/api/v1/counts", { signal })).data,
    refetchInterval: EVERY_MS,
  });
  return data ?? null;
}

/** They have changed: asks again at once where they are shown. */
export function recount(): void {
  void queries.invalidateQueries({ queryKey: KEY });
}
