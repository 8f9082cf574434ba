/** The rows of the waterfall. Where there are many, they scroll, and only those in sight are drawn. */

import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { type FocusEvent, type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useAddress, useReaddress } from "../address";
import type { Axis } from "./axis";
import type { Row } from "./rows";
import { StepRow } from "./step-row";
import type { Zoom } from "./use-window";
import css from "./waterfall.module.css";

const PAN = 0.25;
const ROW_PX = 30;
/** Rows drawn beyond the edges, so that the arrow keys find the next one. */
const OVERSCAN = 8;

export interface RowsProps {
  rows: readonly Row[];
  axis: Axis;
  zoom: Zoom;
  now: number | null;
}

export function Rows(props: RowsProps) {
  const drawn = useDrawn(props);
  return (
    <ul className={css.rows} onKeyDown={(event) => walk(event, props.zoom)}>
      {props.rows.map((row) => (
        <StepRow key={keyOf(row)} {...drawn(row)} />
      ))}
    </ul>
  );
}

interface ManyRowsProps extends RowsProps {
  onScrollbar: (pixels: number) => void;
}

export function ManyRows({ onScrollbar, ...props }: ManyRowsProps) {
  const { rows, zoom } = props;
  const { step } = useAddress();
  const drawn = useDrawn(props);
  const scroller = useRef<HTMLDivElement>(null);
  const [focused, setFocused] = useState<number | null>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    estimateSize: () => ROW_PX,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => keyOf(rows[index]),
    overscan: OVERSCAN,
    useFlushSync: false,
    // The row with the focus stays in the document, or the focus would be lost by scrolling.
    rangeExtractor: (range) => withOne(defaultRangeExtractor(range), focused, range.count),
  });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element !== null) onScrollbar(element.offsetWidth - element.clientWidth);
  });
  const chosen = step === undefined ? -1 : rows.findIndex((row) => row.name === step);
  const [first] = useState(() => (chosen > 0 ? chosen : rows.findLastIndex(isOn)));
  useEffect(() => {
    if (first > 0) virtual.scrollToIndex(first, { align: "center" });
  }, [first, virtual]);
  useEffect(() => {
    if (chosen > 0) virtual.scrollToIndex(chosen, { align: "auto" });
  }, [chosen, virtual]);
  return (
    <div ref={scroller} className={css.scroller} data-scrolls>
      <ul
        className={css.rows}
        data-many
        style={{ height: virtual.getTotalSize() }}
        onKeyDown={(event) => walk(event, zoom)}
        onFocus={(event) => setFocused(indexOf(event))}
        onBlur={() => setFocused(null)}
      >
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          return (
            <StepRow
              key={keyOf(row)}
              {...drawn(row)}
              index={index}
              count={rows.length}
              top={start}
              measure={virtual.measureElement}
            />
          );
        })}
      </ul>
    </div>
  );
}

/** What a row is drawn with: the present only where something of it goes on, so that the others stay as they are. */
function useDrawn({ axis, zoom, now }: RowsProps) {
  const { step } = useAddress();
  const readdress = useReaddress();
  return (row: Row) => ({
    row,
    axis,
    from: zoom.window.from,
    to: zoom.window.to,
    now: isOn(row) ? now : null,
    chosen: row.name !== null && row.name === step,
    onChoose: readdress,
  });
}

function isOn(row: Row): boolean {
  return row.bars.some((bar) => bar.to === null);
}

function walk(event: KeyboardEvent<HTMLElement>, zoom: Zoom): void {
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    if (zoom.isWhole) return;
    event.preventDefault();
    zoom.pan(event.key === "ArrowLeft" ? -PAN : PAN);
  }
  if (event.key === "ArrowUp" || event.key === "ArrowDown") {
    event.preventDefault();
    const names = [...event.currentTarget.querySelectorAll<HTMLElement>("button[data-row]")];
    const at = names.indexOf(document.activeElement as HTMLElement);
    names[at + (event.key === "ArrowUp" ? -1 : 1)]?.focus();
  }
}

function keyOf(row: Row | undefined): string {
  return row?.name === null || row === undefined ? "" : `step ${row.name}`;
}

function indexOf(event: FocusEvent): number | null {
  const row = event.target.closest<HTMLElement>("[data-index]");
  return row === null ? null : Number(row.dataset.index);
}

/** In order, so that the keys go from row to row. */
function withOne(found: number[], one: number | null, count: number): number[] {
  if (one === null || one >= count || found.includes(one)) return found;
  return [...found, one].sort((a, b) => a - b);
}
