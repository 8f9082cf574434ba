/** Search over the whole log, on the server: which lines match, and which of them is looked at. */

import { useClient } from "@headway/client/react";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";

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
  /** Goes to the next match or the one before; while it is still being searched, as soon as there is an answer. */
  step: (by: 1 | -1) => void;
}

export interface Searched {
  /** The id of the job. */
  job: string;
  /** The number of its last entry: a search of a running job finds what is new. */
  newest: number;
  levels: readonly string[];
  text: string;
  setText: (text: string) => void;
  /** Where one is in the log: what is typed is looked for from there on. */
  here: number | null;
  /** focus: the line takes it, away from the field in which somebody types. */
  goTo: (seq: number, focus: boolean) => void;
}

export function useSearch({ job, newest, levels, text, setText, here, goTo }: Searched): Search {
  const client = useClient();
  const [wish, setWish] = useState<1 | -1 | 0 | null>(null);
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
  const isSearching = query.isFetching || wanted !== text.trim();
  const step = useCallback((by: 1 | -1) => setWish(by), []);
  useEffect(() => {
    if (wish === null || isSearching) return;
    setWish(null);
    if (matches.length === 0) return;
    const at = wish === 0 ? from(matches, current ?? here ?? 0) : beside(matches, current, wish);
    const next = matches[at % matches.length];
    if (next === undefined) return;
    setCurrent(next);
    goTo(next, wish !== 0);
  }, [wish, isSearching, matches, current, here, goTo]);
  const type = useCallback(
    (typed: string) => {
      setText(typed);
      setWish(0);
    },
    [setText],
  );
  return {
    text,
    setText: type,
    found: wanted,
    matches,
    total: wanted === "" ? 0 : (query.data?.total ?? 0),
    at: current === null ? 0 : place(matches, current) + 1,
    current,
    isSearching,
    problem: query.error,
    step,
  };
}

/** The place of the first match at an entry or behind it, else of the first of all. */
function from(matches: readonly number[], seq: number): number {
  const at = place(matches, seq);
  return matches[at] === seq ? at : at + 1;
}

function beside(matches: readonly number[], current: number | null, by: 1 | -1): number {
  const at = current === null ? (by === 1 ? -1 : 0) : place(matches, current);
  return at + by + matches.length;
}

/** The place of an entry among the matches, else of the one before it; -1 where it is before all. */
function place(matches: readonly number[], seq: number): number {
  let [low, high] = [0, matches.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((matches[middle] ?? 0) < seq) low = middle + 1;
    else high = middle;
  }
  return matches[low] === seq ? low : low - 1;
}
