/** Whether a job is still there: one that is over is followed no more, and may be deleted while its page is open. */

import { Refused } from "@headway/client";
import { useQuery } from "@tanstack/react-query";
import { client } from "./client";
import { queries } from "./queries";

const LOOK_MS = 15_000;

export function useIsThere(job: { id: string; ended_at: string | null } | null): boolean {
  const { data } = useQuery({
    queryKey: keyOf(job?.id ?? ""),
    enabled: job !== null && job.ended_at !== null,
    refetchInterval: ({ state }) => (state.data === false ? false : LOOK_MS),
    queryFn: () => isThere(job?.id ?? ""),
  });
  return data !== false;
}

export function noteDeleted(id: string): void {
  queries.setQueryData(keyOf(id), false);
}

async function isThere(id: string): Promise<boolean> {
  try {
    await client.rest.GET("/api/v1/jobs/{any_id}", { params: { path: { any_id: id } } });
    return true;
  } catch (error) {
    if (error instanceof Refused && (error.status === 404 || error.status === 410)) return false;
    throw error;
  }
}

const keyOf = (id: string) => ["is there", id];
