/** Which rows of the list exist, where they stand, and how one of them gets the focus. */

import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import { mayAsk } from "../../data/asking";
import type { JobList } from "./job-list";

/** The height of the head, which sticks to the top. */
export const HEAD = 34;
/** The strip above it, which sticks there too: it holds what is said of new jobs. */
const STRIP = 34;
/** Rows drawn beyond the edges of the window. */
const OVERSCAN = 10;
const LOOK_MS = 3_000;
/** Room for the bar of the selection. */
const FOOT = 72;

export function useRows(count: number, height: number, top: number, focusAt: number) {
  const virtual = useWindowVirtualizer({
    count,
    estimateSize: () => height,
    overscan: OVERSCAN,
    scrollMargin: top,
    scrollPaddingStart: headRoom() + HEAD,
    scrollPaddingEnd: FOOT,
    useFlushSync: false,
    // The row with the focus stays in the document, or the focus would be lost by scrolling.
    rangeExtractor: ({ startIndex, endIndex, overscan, count: rows }) => {
      const first = Math.max(0, startIndex - overscan);
      const end = Math.min(rows - 1, endIndex + overscan);
      const found = Array.from({ length: Math.max(0, end - first + 1) }, (_, n) => first + n);
      if (focusAt < 0 || focusAt >= rows || (focusAt >= first && focusAt <= end)) return found;
      return focusAt < first ? [focusAt, ...found] : [...found, focusAt];
    },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows of another height have to be measured again
  useLayoutEffect(() => virtual.measure(), [virtual, height]);
  return virtual;
}

/** Width of the table, and where it begins in the document. */
export function useBox(body: RefObject<HTMLDivElement | null>) {
  const [box, setBox] = useState({ width: 0, top: 0 });
  useLayoutEffect(() => {
    const element = body.current;
    if (element === null) return;
    const measure = () => {
      const { width, top } = element.getBoundingClientRect();
      const now = { width: Math.round(width), top: Math.round(top + window.scrollY) };
      setBox((was) => (was.width === now.width && was.top === now.top ? was : now));
    };
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(element);
    watch.observe(document.body);
    return () => watch.disconnect();
  }, [body]);
  return box;
}

/** Rows on the screen that nothing follows are read again from time to time. */
export function useLooking(list: JobList, ids: readonly string[], first: number, last: number) {
  const seen = useRef<readonly string[]>([]);
  seen.current = ids.slice(first, last + 1);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden && mayAsk()) list.look(seen.current);
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, [list]);
}

/** Pixels that sticky heads cover. */
export function headRoom(): number {
  const style = getComputedStyle(document.documentElement);
  return (Number.parseFloat(style.getPropertyValue("--app-shell-header-offset")) || 0) + STRIP;
}

export function focusSoon(body: RefObject<HTMLDivElement | null>, id: string, tries = 10): void {
  const row = body.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`);
  if (row) row.focus({ preventScroll: true });
  else if (tries > 0) requestAnimationFrame(() => focusSoon(body, id, tries - 1));
}
