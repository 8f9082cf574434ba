/** How a command in a terminal reaches the database of these pages. */

import { useQuery } from "@tanstack/react-query";
import { client, prefix } from "./client";

const FRESH_MS = 60_000;

export const address = `${window.location.origin}${prefix}`;

/**
 * What --url of commands has to be: empty where they need none, null where the server does not tell it, undefined while
 * it is asked.
 */
export function useReach(enabled = true): string | null | undefined {
  const { data, isLoading } = useQuery({
    queryKey: ["health", "reach"],
    queryFn: async ({ signal }) => (await client.rest.GET("/api/v1/health", { signal })).data.url ?? null,
    enabled,
    staleTime: FRESH_MS,
    retry: false,
  });
  return isLoading ? undefined : (data ?? null);
}
