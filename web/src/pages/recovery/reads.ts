/** What waits for a person, as the server tells it. */

import type { components } from "@headway/client";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { client } from "../../data/client";
import { queries } from "../../data/queries";

export type Recoverable = components["schemas"]["Recoverable"];
export type Recovery = components["schemas"]["Recovery"];
export type Cause = Recoverable["cause"];

/** In the order in which the page has them. */
export const CAUSES: readonly Cause[] = [
  "restart",
  "crash",
  "lost worker",
  "left",
  "paused",
  "failed",
  "rollback failed",
];
/** What was stopped by nobody's wish. */
export const INTERRUPTED: readonly Cause[] = ["restart", "crash", "lost worker", "left"];

const EVERY_MS = 3_000;
const PAGE = 50;
const MOST = 500;
const KEY = "recovery";

export function useRecovery(causes: readonly Cause[]) {
  return useInfiniteQuery({
    queryKey: [KEY, "pages", causes],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => read(causes, PAGE, pageParam, signal),
    getNextPageParam: (page: Recovery) => page.next,
    refetchInterval: EVERY_MS,
    placeholderData: keepPreviousData,
  });
}

/** The interrupted ones alone, as far as one answer reaches. */
export function useInterrupted() {
  return useQuery({
    queryKey: [KEY, "interrupted"],
    queryFn: ({ signal }) => read(INTERRUPTED, MOST, null, signal),
    refetchInterval: EVERY_MS,
  });
}

/** Something was asked: what waits is another now. */
export function reread(): Promise<void> {
  return queries.invalidateQueries({ queryKey: [KEY] });
}

async function read(
  causes: readonly Cause[],
  limit: number,
  after: string | null,
  signal: AbortSignal,
): Promise<Recovery> {
  const query = { limit, ...(causes.length === 0 ? {} : { cause: [...causes] }), ...(after === null ? {} : { after }) };
  return (await client.rest.GET("/api/v1/recovery", { params: { query }, signal })).data;
}
