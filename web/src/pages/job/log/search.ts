/** Search over the whole log, on the server: which lines match, and which of them is looked at. */

import { useClient } from "@headway/client/react";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";

const TYPING_MS = 250;

export interface Search {
  text: string;
  setText: (text: string) => void;
  /** What is marked in the lines: the text, once it has been looked for. */
  found: string;
  matches: readonly number[];
  total: number;
  /** Place of the match that is looked at, from 1; 0 for none. */
  at: number;
  current: number | null;
  isSearching: boolean;
  problem: unknown;
  step: (by: 1 | -1) => number | null;
}

/** job: its id; newest: the number of its last entry, so that a search of a running job finds what is new. */
export function useSearch(job: string, newest: number, levels: readonly string[]): Search {
  const client = useClient();
  const [text, setText] = useState("");
  const [current, setCurrent] = useState<number | null>(null);
  const [wanted] = useDebouncedValue(text.trim(), TYPING_MS);
  const upTo = Math.floor(newest / 1000); // asks again as the log grows, but not with every line
  const query = useQuery({
    queryKey: ["log matches", job, wanted, levels, upTo],
    enabled: wanted !== "",
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const { data } = await client.rest.GET("/api/v1/jobs/{any_id}/logs/matches", {
        params: { path: { any_id: job }, query: { text: wanted, ...(levels.length > 0 && { level: [...levels] }) } },
        signal,
      });
      return data;
    },
  });
  const matches = useMemo(() => (wanted === "" ? [] : (query.data?.matches ?? [])), [wanted, query.data]);
  const step = useCallback(
    (by: 1 | -1) => {
      if (matches.length === 0) return null;
      const here = current === null ? (by === 1 ? -1 : 0) : place(matches, current);
      const next = matches[(here + by + matches.length) % matches.length] ?? null;
      setCurrent(next);
      return next;
    },
    [matches, current],
  );
  return {
    text,
    setText,
    found: wanted,
    matches,
    total: wanted === "" ? 0 : (query.data?.total ?? 0),
    at: current === null ? 0 : place(matches, current) + 1,
    current,
    isSearching: query.isFetching || wanted !== text.trim(),
    problem: query.error,
    step,
  };
}

function place(matches: readonly number[], seq: number): number {
  let [low, high] = [0, matches.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((matches[middle] ?? 0) < seq) low = middle + 1;
    else high = middle;
  }
  return matches[low] === seq ? low : low - 1;
}
