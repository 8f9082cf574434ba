/** How many jobs there are in each state, for the chips and for "all that match". */

import { useQuery } from "@tanstack/react-query";
import { client } from "../../data/client";
import { withStates, wordsOf } from "./words";

const EVERY_MS = 3_000;
/** With a query the server counts so far in each state. */
export const MOST_COUNTED = 100_000;

export type Counts = Readonly<Record<string, number>>;

/** By state, among the jobs that fit the rest of the query. Undefined until it is known. */
export function useCounts(query: string): Counts | undefined {
  const rest = withStates(query, []);
  return useQuery({
    queryKey: ["counts", rest],
    queryFn: async ({ signal }) => {
      const params = rest === "" ? {} : { params: { query: { q: rest } } };
      return (await client.rest.GET("/api/v1/counts", { ...params, signal })).data as Counts;
    },
    refetchInterval: EVERY_MS,
    placeholderData: (before) => before,
  }).data;
}

/** How many fit the whole query; null while it is not known. */
export function totalOf(counts: Counts | undefined, query: string): number | null {
  if (counts === undefined) return null;
  const states = wordsOf(query)
    .filter((word) => word.field === "state" || word.field === "status")
    .filter((word) => !word.denied)
    .flatMap((word) => word.values);
  const chosen = states.length > 0 ? states : Object.keys(counts);
  return chosen.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
}
