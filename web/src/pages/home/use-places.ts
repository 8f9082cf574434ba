/** The places of the cards, as jobs come and go. */

import type { Job } from "@headway/client";
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import { client } from "../../data/client";
import { arranged, type Place, placed, untilNext } from "./places";

export interface Places {
  /** Null until the jobs are known. */
  places: readonly Place[] | null;
  /** Puts the stalled first, as when the page is opened. */
  arrange: () => void;
  /** The element that the cards stand in. */
  list: RefObject<HTMLUListElement | null>;
}

export function usePlaces(jobs: readonly Job[], known: boolean, most: number): Places {
  const [places, setPlaces] = useState<readonly Place[] | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const latest = useRef(jobs);
  latest.current = jobs;
  useLayoutEffect(() => {
    if (!known) return;
    setPlaces((before) =>
      before === null || before.length === 0
        ? arranged(jobs, most)
        : placed(before, jobs, most, client.now(), heldIn(list.current)),
    );
  }, [jobs, known, most]);
  useEffect(() => {
    const wait = places === null ? null : untilNext(places, client.now());
    if (wait === null) return;
    const look = () =>
      setPlaces((before) =>
        before === null ? null : placed(before, latest.current, most, client.now(), heldIn(list.current)),
      );
    const timer = setTimeout(look, wait);
    return () => clearTimeout(timer);
  }, [places, most]);
  return { places, arrange: () => setPlaces(arranged(jobs, most)), list };
}

/** The job at whose card the pointer or the focus is. */
function heldIn(list: HTMLUListElement | null): string | null {
  return list?.querySelector<HTMLElement>(":scope > :is(:focus-within, :hover)")?.dataset.job ?? null;
}
