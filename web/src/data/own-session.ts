/** The session that this browser is in when it names none. */

import type { Session } from "@headway/client";
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { client } from "./client";

const EVERY_MS = 30_000;

export function useOwnSession(): UseQueryResult<Session> {
  return useQuery({
    queryKey: ["session of this browser"],
    queryFn: async ({ signal }) => (await client.rest.GET("/api/v1/sessions/current", { signal })).data,
    refetchInterval: EVERY_MS,
  });
}
