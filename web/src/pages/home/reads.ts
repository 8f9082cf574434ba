/** What the panels of the first page ask the server, each for itself. */

import type { components, Job } from "@headway/client";
import { useQuery } from "@tanstack/react-query";
import { client } from "../../data/client";
import { ofJobTypes } from "../../data/workers";
import type { Whose } from "./whose";

export type FailureGroup = components["schemas"]["FailureGroup"];

export const SPANS = { "1h": 3_600_000, "24h": 86_400_000, "7d": 604_800_000 } as const;
export type Span = keyof typeof SPANS;

const FAILURES_MS = 10_000;
const HEALTH_MS = 5_000;
const GROUPS = 6;

export function useFailures(span: Span, asked: Whose["asked"]) {
  return useQuery({
    queryKey: ["counts", "failures", span, asked],
    queryFn: async ({ signal }) => {
      const since = new Date(client.now() - SPANS[span]).toISOString();
      return (
        await client.rest.GET("/api/v1/failures", { params: { query: { since, limit: GROUPS, ...asked } }, signal })
      ).data;
    },
    refetchInterval: FAILURES_MS,
    placeholderData: (before) => before,
  });
}

export function useHealth() {
  return useQuery({
    queryKey: ["health"],
    queryFn: async ({ signal }) => (await client.rest.GET("/api/v1/health", { signal })).data,
    refetchInterval: HEALTH_MS,
  });
}

export function useWorkers() {
  return useQuery({
    queryKey: ["workers"],
    queryFn: async ({ signal }) => ofJobTypes((await client.rest.GET("/api/v1/workers", { signal })).data.workers),
    refetchInterval: HEALTH_MS,
  });
}

/** A job that is no longer under way, as it is then. */
export function useLeft(id: string, left: boolean) {
  return useQuery({
    queryKey: ["counts", "left", id],
    queryFn: async ({ signal }) =>
      (await client.rest.GET("/api/v1/jobs/{any_id}", { params: { path: { any_id: id } }, signal })).data,
    enabled: left,
  });
}

export function useLastEnded(q: string) {
  return useQuery({
    queryKey: ["counts", "last ended", q],
    queryFn: async ({ signal }): Promise<Job | null> => {
      const query = { active: false, sort: "-ended" as const, limit: 1, ...(q === "" ? {} : { q }) };
      return (await client.rest.GET("/api/v1/jobs", { params: { query }, signal })).data.jobs[0] ?? null;
    },
  });
}
