/** How many jobs are in each state, for the navigation. Asked again now and then while somebody looks, and after acts. */

import { useQuery } from "@tanstack/react-query";
import { client } from "./client";
import { queries } from "./queries";

const EVERY_MS = 5_000;
const KEY = ["counts"] as const;

/** q: only of jobs that fit. */
export function useCounts(q = ""): Record<string, number> | null {
  const { data } = useQuery({
    queryKey: q === "" ? KEY : [...KEY, q],
    queryFn: async ({ signal }) =>
      (await client.rest.GET("/api/v1/counts", { params: { query: q === "" ? {} : { q } }, signal })).data,
    refetchInterval: EVERY_MS,
  });
  return data ?? null;
}

/** They have changed: asks again at once where they are shown. */
export function recount(): void {
  void queries.invalidateQueries({ queryKey: KEY });
}
