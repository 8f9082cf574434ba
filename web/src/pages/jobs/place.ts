/** Where somebody is in the list: the row with the focus, and the row at the top of the window. */

import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import type { Chosen } from "./address";
import type { Choose } from "./choosing";
import type { JobList } from "./job-list";
import type { TableControl } from "./table";
import { focusOf, keepFocus, type Listed } from "./use-job-list";

export type Control = RefObject<TableControl | null>;

/** The address follows when focus and window have come to rest. */
const REST_MS = 400;

/** The row with the focus: the one that had it when the list was left, or the one that the address names. */
export function useFocus({ list, view }: Listed, chosen: Chosen, control: Control) {
  const [focus, setFocus] = useState<string | null>(() => focusOf(list));
  const placed = useRef(false);
  const ready = view.state === "ready" && view.ids.length > 0;
  useEffect(() => {
    if (!ready || placed.current) return;
    placed.current = true;
    const known = focusOf(list);
    const byNumber = (number: number | null) => view.ids.find((one) => list.job(one)?.number === number);
    const top = byNumber(chosen.cursor?.number ?? null);
    if (known === null && top !== undefined) control.current?.show(top);
    const id = known ?? byNumber(chosen.row);
    if (id === undefined || (document.activeElement !== null && document.activeElement !== document.body)) return;
    setFocus(id);
    control.current?.reveal(id);
  }, [ready, list, view.ids, chosen, control]);
  const keep = useCallback(
    (id: string) => {
      keepFocus(list, id);
      setFocus(id);
    },
    [list],
  );
  return [focus, keep] as const;
}

/** The row at which somebody is, and the one at which the window stands, so that a copied link leads there. */
export function useAddress(
  list: JobList,
  focus: string | null,
  ids: readonly string[],
  control: Control,
  choose: Choose,
) {
  const [rests, setRests] = useState(0);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const moved = () => {
      clearTimeout(timer);
      timer = setTimeout(() => setRests((n) => n + 1), REST_MS);
    };
    window.addEventListener("scroll", moved, { passive: true });
    return () => {
      clearTimeout(timer);
      window.removeEventListener("scroll", moved);
    };
  }, []);
  const now = useRef({ ids, choose });
  now.current = { ids, choose };
  useEffect(() => {
    if (focus === null && rests === 0) return;
    const timer = setTimeout(() => {
      const first = control.current?.first() ?? 0;
      const number = list.job(now.current.ids[first] ?? "")?.number;
      const cursor = first === 0 || number === undefined ? null : { number, page: list.cursorAt(first) };
      const row = focus === null ? null : (list.job(focus)?.number ?? null);
      now.current.choose(row === null ? { cursor } : { cursor, row }, true);
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [list, focus, rests, control]);
}
