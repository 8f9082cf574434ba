/** Where in the log one is: the window of rows, what is chosen, whether the end is followed. */

import type { Job } from "@headway/client";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { VirtuosoHandle } from "react-virtuoso";
import { hashOf, rangeOf } from "./anchor";
import { useFolding } from "./folding";
import { Folds } from "./folds";
import type { Lines } from "./lines";
import { MOST_ROWS } from "./viewer";

/** Rows that a window which follows the end has left for lines to come. */
const ROOM = MOST_ROWS / 4;

/** newest: the number of the job's last entry. */
export function useReader(job: Job, newest: number, lines: Lines) {
  const navigate = useNavigate();
  const hash = useRouterState({ select: (state) => state.location.hash });
  const chosen = useMemo(() => rangeOf(hash), [hash]);
  const list = useRef<VirtuosoHandle>(null);
  const [here, setHere] = useState<number | null>(chosen?.first ?? null);
  const [following, setFollowing] = useState(chosen === null && job.ended_at === null);
  const [seen, setFurthest] = useState(newest);
  const setSeen = useCallback((seq: number) => setFurthest((before) => Math.max(before, seq)), []);
  const [base, setBase] = useState(() => baseFor(chosen?.first ?? (following ? newest : 1), newest));
  const folding = useFolding(job, newest);
  const { history, folded, unfold } = folding;
  const top = Math.min(newest, base + MOST_ROWS - 1);
  const folds = useMemo(() => new Folds(history, folded, base, top), [history, folded, base, top]);
  const pending = useRef<number | null>(chosen?.first ?? null);
  const takesFocus = useRef(true);
  const asked = useRef(chosen?.first ?? null);
  if (chosen !== null && chosen.first !== asked.current) {
    asked.current = chosen.first;
    if (chosen.first !== here) {
      pending.current = chosen.first; // the address was changed, not a line clicked
      takesFocus.current = true;
    }
  }

  useEffect(() => {
    if (following) setBase((before) => (newest < before + MOST_ROWS ? before : Math.max(1, newest - MOST_ROWS + ROOM)));
  }, [following, newest]);

  useEffect(() => {
    const seq = pending.current;
    if (seq === null || seq < base || seq > top) return;
    const hiding = folds.hiding(seq);
    if (hiding !== undefined) {
      unfold(hiding);
      return;
    }
    pending.current = null;
    lines.want({ first: seq, last: seq });
    reach(list, folds.rowOf(seq), seq, takesFocus.current);
  });

  const goTo = useCallback(
    (seq: number | null, focus = true) => {
      if (seq === null) return;
      takesFocus.current = focus;
      setFollowing(false);
      setHere(seq);
      setBase((before) => (seq < before || seq >= before + MOST_ROWS ? baseFor(seq, newest) : before));
      pending.current = seq;
    },
    [newest],
  );
  const toEnd = useCallback(() => {
    setHere(null);
    setBase(baseFor(newest, newest));
    setFollowing(true);
    list.current?.scrollToIndex({ index: "LAST", align: "end" });
  }, [newest]);
  const choose = useCallback(
    (seq: number, extend: boolean) => {
      const from = extend && chosen !== null ? chosen.first : seq;
      const range = { first: Math.min(from, seq), last: Math.max(from, seq) };
      setHere(seq);
      void navigate({
        to: ".",
        search: true,
        hash: hashOf(range),
        replace: true,
        resetScroll: false,
      });
    },
    [navigate, chosen],
  );
  const setAtEnd = useCallback((atEnd: boolean, byHand: boolean) => {
    if (atEnd || byHand) setFollowing(atEnd);
  }, []);
  return {
    list,
    here,
    chosen,
    following,
    unseen: following ? 0 : newest - seen,
    window: { first: base, last: top },
    folds,
    ...folding,
    firstRow: folds.rowOf(pending.current ?? (following ? top : (here ?? base))),
    goTo,
    toEnd,
    choose,
    setAtEnd,
    setSeen,
  };
}

/** The first entry of the window of rows that an entry is in: the newest ones, or some before and behind it. */
function baseFor(seq: number, newest: number): number {
  const last = Math.max(1, newest - MOST_ROWS + 1);
  return Math.max(1, Math.min(last, seq - MOST_ROWS / 2));
}

/** Scrolls to a row, which may take the focus. A list that has just been drawn takes some frames until it can scroll. */
function reach(list: { current: VirtuosoHandle | null }, index: number, seq: number, focus: boolean, tries = 60): void {
  list.current?.scrollToIndex({ index, align: "center" });
  requestAnimationFrame(() => {
    const row = document.querySelector<HTMLElement>(`[data-seq="${seq}"]`);
    if (focus) row?.focus({ preventScroll: true });
    const reached = row !== null && (!focus || document.activeElement === row);
    if (!reached && tries > 0) reach(list, index, seq, focus, tries - 1);
  });
}
