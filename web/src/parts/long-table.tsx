/** A table that may have any number of rows: many of them scroll, and only those in sight are drawn. */

import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useRef } from "react";
import css from "./table.module.css";

/** From so many rows on, those out of sight are not drawn. */
const MANY = 100;
const ROW_PX = 41;
const OVERSCAN = 10;

/** What each row spreads over its <tr>. */
export interface RowPlace {
  ref?: (row: HTMLElement | null) => void;
  "data-index"?: number;
  "aria-rowindex"?: number;
}

export interface LongTableProps<T> {
  label: string;
  /** The row of the head. */
  head: ReactNode;
  columns: number;
  rows: readonly T[];
  children: (row: T, place: RowPlace) => ReactNode;
}

export function LongTable<T>(props: LongTableProps<T>) {
  const { label, head, rows, children } = props;
  if (rows.length > MANY) return <Scrolling {...props} />;
  return (
    <table className={css.table} aria-label={label}>
      <thead>{head}</thead>
      <tbody>{rows.map((row) => children(row, {}))}</tbody>
    </table>
  );
}

function Scrolling<T>({ label, head, columns, rows, children }: LongTableProps<T>) {
  const scroller = useRef<HTMLElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    estimateSize: () => ROW_PX,
    getScrollElement: () => scroller.current,
    overscan: OVERSCAN,
    useFlushSync: false,
  });
  const items = virtual.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also for people without a mouse
    <section ref={scroller} className={css.scroller} aria-label={label} tabIndex={0}>
      <table className={css.table} aria-label={label} aria-rowcount={rows.length + 1}>
        <thead>{head}</thead>
        <tbody>
          <Room height={before} columns={columns} />
          {items.map(({ index }) => {
            const row = rows[index];
            return row === undefined
              ? null
              : children(row, { ref: virtual.measureElement, "data-index": index, "aria-rowindex": index + 2 });
          })}
          <Room height={after} columns={columns} />
        </tbody>
      </table>
    </section>
  );
}

/** Stands for the rows that are not drawn. */
function Room({ height, columns }: { height: number; columns: number }) {
  if (height <= 0) return null;
  return (
    <tr className={css.room} aria-hidden style={{ height }}>
      <td colSpan={columns} />
    </tr>
  );
}
