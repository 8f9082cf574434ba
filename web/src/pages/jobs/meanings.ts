/** What an id may mean: a job, a session, a worker, ... */

import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { type Found, type Hit, search } from "../../data/search";

export type Meaning = Hit;

const NONE: Found = { hits: [], near: [] };
/** Shorter beginnings of ids mean too much. */
const SHORTEST = 4;
const REST_MS = 250;

/** What the text that is being typed may mean, once typing has come to rest. */
export function useMeanings(text: string): Found {
  const [rested, setRested] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), REST_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const worth = rested === text && rested.length >= SHORTEST && /^[^\s"]+$/.test(rested) && !/^-?\w+:/.test(rested);
  const found = useQuery({
    queryKey: ["search", rested],
    queryFn: ({ signal }) => search(rested, signal),
    enabled: worth,
    retry: false,
  });
  return worth ? (found.data ?? NONE) : NONE;
}

/** What an id that was entered leads to; null where there is nothing, or more than one thing that it may mean. */
export function meantBy(hits: readonly Meaning[]): Meaning | null {
  const exact = hits.filter((hit) => hit.exact !== false);
  const likely = exact.length > 0 ? exact : hits;
  const places = new Set(likely.map((hit) => hit.job_id ?? hit.session ?? hit.worker));
  return places.size === 1 ? (likely[0] ?? null) : (likely.find((hit) => hit.kind === "job" && hit.exact) ?? null);
}
