/** What the pages of sessions read and ask. */

import { Refused, type Session } from "@headway/client";
import { useClient } from "@headway/client/react";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { notify } from "../../parts/notices";
import { told } from "../../parts/trouble";
import type { Config } from "./json";

const PAGE = 50;
const AGAIN_MS = 5_000;

export interface Version {
  version: number;
  config: Config;
  author: string | null;
  note: string | null;
  saved_at: string;
}

export function useSessions() {
  const client = useClient();
  return useInfiniteQuery({
    queryKey: ["sessions"],
    initialPageParam: undefined as string | undefined,
    refetchInterval: AGAIN_MS,
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: PAGE, ...(pageParam !== undefined && { after: pageParam }) };
      const { data } = await client.rest.GET("/api/v1/sessions", { params: { query }, signal });
      return data;
    },
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

export function useSession(id: string) {
  const client = useClient();
  return useQuery({
    queryKey: ["session", id],
    refetchInterval: AGAIN_MS,
    queryFn: async ({ signal }) => {
      const { data } = await client.rest.GET("/api/v1/sessions/{session_id}", {
        params: { path: { session_id: id } },
        signal,
      });
      return data;
    },
  });
}

export function useVersions(id: string) {
  const client = useClient();
  return useInfiniteQuery({
    queryKey: ["session", id, "versions"],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: PAGE, ...(pageParam !== undefined && { after: pageParam }) };
      const { data } = await client.rest.GET("/api/v1/sessions/{session_id}/versions", {
        params: { path: { session_id: id }, query },
        signal,
      });
      return { versions: data.versions, next: data.next };
    },
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

/** What has changed between two versions: the server says it, also of secrets, whose values it never tells. */
export function useDifference(id: string, from: number, to: number) {
  const client = useClient();
  return useQuery({
    queryKey: ["session", id, "diff", from, to],
    enabled: from !== to,
    queryFn: async ({ signal }) => {
      const { data } = await client.rest.GET("/api/v1/sessions/{session_id}/diff", {
        params: { path: { session_id: id }, query: { from, to } },
        signal,
      });
      return data.changes;
    },
  });
}

interface Save {
  config: Config;
  version: number;
  note: string;
}

export function useSave(id: string) {
  const client = useClient();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ config, version, note }: Save): Promise<Session> => {
      const { data } = await client.rest.PUT("/api/v1/sessions/{session_id}/config", {
        params: { path: { session_id: id } },
        body: { config, version, note: note.trim() === "" ? null : note.trim() },
      });
      return data;
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["session", id] }),
  });
}

/** Whether somebody else has saved since. */
export function isConflict(problem: unknown): boolean {
  return problem instanceof Refused && (problem.code === "precondition_failed" || problem.code === "conflict");
}

/** Does something to a session; what was refused is told, and what is shown is read again. */
export function useAsk(id: string): (work: () => Promise<string>) => Promise<void> {
  const queries = useQueryClient();
  return async (work) => {
    try {
      notify({ text: await work() });
    } catch (problem) {
      notify({ tone: "bad", ...told(problem) });
    }
    await queries.invalidateQueries({ queryKey: ["session", id] });
  };
}
