/** Which part of the timeline is looked at. Kept as moments, so that it stays where it is while the axis grows. */

import { useCallback, useMemo, useState } from "react";
import { type Axis, between, moved, type Window, whole, zoomed } from "./axis";

export interface Zoom {
  window: Window;
  isWhole: boolean;
  zoom(factor: number, around?: number): void;
  choose(one: number, other: number): void;
  pan(share: number): void;
  reset(): void;
}

export function useWindow(axis: Axis): Zoom {
  const [seen, setSeen] = useState<Window | null>(null);
  const window = useMemo(
    () =>
      seen === null
        ? whole(axis)
        : { from: axis.at(seen.from), to: Math.max(axis.at(seen.to), axis.at(seen.from) + 1) },
    [seen, axis],
  );
  const look = useCallback(
    (next: Window) => {
      const all = next.to - next.from >= axis.length;
      setSeen(all ? null : { from: axis.moment(next.from), to: axis.moment(next.to) });
    },
    [axis],
  );
  return {
    window,
    isWhole: seen === null,
    zoom: (factor, around) => look(zoomed(axis, window, factor, around)),
    choose: (one, other) => look(between(axis, one, other)),
    pan: (share) => seen !== null && look(moved(axis, window, share * (window.to - window.from))),
    reset: () => setSeen(null),
  };
}
