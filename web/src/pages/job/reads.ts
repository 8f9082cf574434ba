/** What the tabs read of the server. Each is read anew when the events of the job say that it has changed. */

import type { components, Event, JobView } from "@headway/client";
import { useClient } from "@headway/client/react";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useJob, useView } from "./followed";

type Schemas = components["schemas"];
export type Step = Schemas["Step"];
export type Undo = Schemas["Undo"];
export type Checkpoint = Schemas["Checkpoint"];
export type Ledger = Schemas["LedgerCounts"];

/** Between two reads of the same while it keeps changing. */
const APART_MS = 500;
const MOST_UNDOS = 500;

export function useSteps() {
  const { id } = useJob();
  const client = useClient();
  const query = useQuery({
    queryKey: ["job", id, "steps"],
    queryFn: async () => (await client.rest.GET("/api/v1/jobs/{any_id}/steps", of(id))).data.steps,
  });
  useAgain(["job", id, "steps"], useView(lastStepOrMove));
  return query;
}

export function useAttempts() {
  const { id } = useJob();
  const client = useClient();
  const query = useQuery({
    queryKey: ["job", id, "attempts"],
    queryFn: async () =>
      (
        await client.rest.GET("/api/v1/jobs/{any_id}/attempts", {
          params: { path: { any_id: id }, query: { limit: 200 } },
        })
      ).data.attempts,
  });
  useAgain(["job", id, "attempts"], useView(lastMove));
  return query;
}

export function useCheckpoints() {
  const { id, ended_at } = useJob();
  const client = useClient();
  return useQuery({
    queryKey: ["job", id, "checkpoints", ended_at],
    placeholderData: keepPreviousData,
    refetchInterval: ended_at === null ? 2_000 : false,
    queryFn: async () => (await client.rest.GET("/api/v1/jobs/{any_id}/checkpoints", of(id))).data.checkpoints,
  });
}

export function useArtifacts() {
  const { id, state } = useJob();
  const client = useClient();
  return useQuery({
    queryKey: ["job", id, "artifacts", state],
    placeholderData: keepPreviousData,
    queryFn: async () => (await client.rest.GET("/api/v1/jobs/{any_id}/artifacts", of(id))).data.artifacts,
  });
}

export function useUndos() {
  const { id, undos, state } = useJob();
  const client = useClient();
  return useQuery({
    queryKey: ["job", id, "undos", undos, state],
    placeholderData: keepPreviousData,
    queryFn: async () => {
      const asked = { params: { path: { any_id: id }, query: { limit: MOST_UNDOS } } };
      return (await client.rest.GET("/api/v1/jobs/{any_id}/undos", asked)).data.undos;
    },
  });
}

export function useConfiguration() {
  const { id } = useJob();
  const client = useClient();
  return useQuery({
    queryKey: ["job", id, "configuration"],
    queryFn: async () => (await client.rest.GET("/api/v1/jobs/{any_id}/configuration", of(id))).data,
  });
}

export function useLedgers(enabled = true) {
  const { id, ended_at } = useJob();
  const client = useClient();
  return useQuery({
    queryKey: ["job", id, "ledgers", ended_at],
    enabled,
    placeholderData: keepPreviousData,
    refetchInterval: ended_at === null ? 2_000 : false,
    queryFn: async () => (await client.rest.GET("/api/v1/jobs/{any_id}/ledgers", of(id))).data.ledgers,
  });
}

export function of(id: string) {
  return { params: { path: { any_id: id } } };
}

/** Reads again when `changed` is another one than before, twice a second at most. */
export function useAgain(key: readonly unknown[], changed: unknown): void {
  const queries = useQueryClient();
  const seen = useRef(changed);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const name = JSON.stringify(key);
  useEffect(() => {
    if (Object.is(seen.current, changed) || timer.current !== undefined) return;
    seen.current = changed;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      void queries.invalidateQueries({ queryKey: JSON.parse(name) as unknown[] });
    }, APART_MS);
  }, [changed, name, queries]);
  useEffect(() => () => clearTimeout(timer.current), []);
}

function lastStepOrMove({ events }: JobView): number {
  return lastOf(events, ["step", "move"]);
}

function lastMove({ events }: JobView): number {
  return lastOf(events, ["move"]);
}

function lastOf(events: readonly Event[], kinds: readonly string[]): number {
  return events.findLast((event) => kinds.includes(event.kind))?.seq ?? 0;
}
