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
