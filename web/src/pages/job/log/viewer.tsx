/** All lines of a log and what happened between them, a window of them drawn at a time. */

import { Button } from "@mantine/core";
import { type RefObject, useCallback, useEffect, useRef, useSyncExternalStore, type WheelEvent } from "react";
import { type ListRange, Virtuoso, type VirtuosoHandle } from "react-virtuoso";
import { log } from "../../../text/job/log";
import { Entry, type EntryLooks } from "./entry";
import type { Folds, Span } from "./folds";
import type { Lines, Range } from "./lines";
import css from "./log.module.css";

/** Pixels of a line that is not wrapped; browsers can not scroll further than some 17 million pixels. */
export const LINE_PX = 17;
export const MOST_ROWS = 1_000_000;
const BEYOND_PX = 400;
/** A list that leaves its end so soon after a wheel, key or finger has been scrolled by hand. */
const BY_HAND_MS = 1_000;

interface ViewerProps {
  lines: Lines;
  folds: Folds;
  spans: ReadonlyMap<number, Span>;
  folded: ReadonlySet<number>;
  toggleFold: (span: Span) => void;
  looks: EntryLooks;
  chosen: Range | null;
  current: number | null;
  choose: (seq: number, extend: boolean) => void;
  following: boolean;
  /** byHand: a person has scrolled there, it did not grow away. */
  setAtEnd: (atEnd: boolean, byHand: boolean) => void;
  /** Up to which entry rows have been drawn. */
  setSeen: (seq: number) => void;
  list: RefObject<VirtuosoHandle | null>;
  first: number;
}

export function Viewer(props: ViewerProps) {
  const { lines, folds, spans, folded, looks, chosen, current, choose, toggleFold } = props;
  useSyncExternalStore(lines.subscribe, lines.getVersion);
  const shown = useRef<ListRange>({ startIndex: 0, endIndex: 60 });
  const touched = useRef(-BY_HAND_MS);
  const touch = useCallback(() => {
    touched.current = performance.now();
  }, []);
  // At once: until the list tells that it is no longer at its end, a line that is measured would pull it back there.
  const wheel = (event: WheelEvent<HTMLElement>) => {
    touch();
    if (event.deltaY < 0 && event.currentTarget.scrollTop > 0) props.setAtEnd(false, true);
  };
  const want = useCallback(() => {
    const { startIndex, endIndex } = shown.current;
    lines.want({ first: folds.seqAt(startIndex), last: folds.seqAt(Math.min(endIndex, folds.rows - 1)) });
  }, [lines, folds]);
  useEffect(want, [want]);
  const following = useRef(props.following);
  following.current = props.following;
  // A frame later, when the list has the height that it tells of.
  const toEnd = () => {
    requestAnimationFrame(() => {
      if (following.current) props.list.current?.scrollToIndex({ index: "LAST", align: "end" });
    });
  };

  const row = (index: number) => {
    const seq = folds.seqAt(index);
    return (
      <Entry
        seq={seq}
        event={lines.at(seq)}
        looks={looks}
        chosen={chosen !== null && chosen.first <= seq && seq <= chosen.last}
        current={seq === current}
        span={spans.get(seq)}
        folded={folded.has(seq)}
        onChoose={choose}
        onFold={toggleFold}
      />
    );
  };

  return (
    <Virtuoso
      ref={props.list}
      className={css.list}
      role="region"
      aria-label={log.region}
      tabIndex={0}
      totalCount={folds.rows}
      defaultItemHeight={LINE_PX}
      increaseViewportBy={BEYOND_PX}
      initialTopMostItemIndex={Math.min(props.first, Math.max(0, folds.rows - 1))}
      itemContent={row}
      // Not followOutput, which begins at an end that the list has seen: one that opens has seen none.
      totalListHeightChanged={toEnd}
      atBottomThreshold={LINE_PX * 2}
      atBottomStateChange={(atEnd) => props.setAtEnd(atEnd, performance.now() - touched.current < BY_HAND_MS)}
      onWheel={wheel}
      onTouchMove={touch}
      onKeyDown={touch}
      onPointerDown={touch}
      rangeChanged={(range) => {
        shown.current = range;
        props.setSeen(folds.seqAt(range.endIndex));
        want();
      }}
    />
  );
}

/** Steps through what is beyond the rows of one window. */
export function Beyond({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <Button size="compact-xs" variant="subtle" onClick={onClick} className={css.beyond}>
      {label}
    </Button>
  );
}
