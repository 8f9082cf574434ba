// biome-ignore-all lint/a11y/useSemanticElements: a table whose rows are placed one by one can not be a <table>
// biome-ignore-all lint/a11y/useFocusableInteractive: the rows take the focus, not the cells in them
/** The list itself: only the rows on the screen exist. Its keys work while the focus is in it; see keys.ts for the rest. */

import { type KeyboardEvent, type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef } from "react";
import { usePreferences } from "../../data/preferences";
import { jobs as texts } from "../../text/jobs";
import { type ColumnName, NARROW, tracks, withRoom } from "./columns";
import { Head } from "./head";
import type { JobList, ListView } from "./job-list";
import { Row, type RowHandlers } from "./row";
import type { Ticks } from "./selection";
import css from "./table.module.css";
import { focusSoon, HEAD, headRoom, useBox, useLooking, useRows } from "./table-room";

const HEIGHTS = { comfortable: 40, compact: 32, card: 92 };
/** So many rows before the end the next page is read. */
const AHEAD = 40;

export interface TableProps {
  list: JobList;
  view: ListView;
  /** Ids in the order in which they are shown; fewer than the list has where it is filtered offline. */
  ids: readonly string[];
  ticks: Ticks;
  chosen: readonly ColumnName[];
  total: number | null;
  focus: string | null;
  onFocus(id: string): void;
  handlers: RowHandlers;
  onColumns(shown: readonly ColumnName[]): void;
  control: RefObject<TableControl | null>;
}

export interface TableControl {
  /** Brings a row into view and gives it the focus. */
  reveal(id: string): void;
  /** Brings a row to the top of the window. */
  show(id: string): void;
  /** The index of the first row in the window. */
  first(): number;
  /** Moves the focus by so many rows; with `reach` the rows on the way are ticked. */
  move(by: number, reach: boolean): void;
}

export function Table(props: TableProps) {
  const { list, view, ids, ticks, chosen, total, focus, handlers, onColumns, control } = props;
  const { density } = usePreferences();
  const body = useRef<HTMLDivElement>(null);
  const { width, top } = useBox(body);
  const cards = width > 0 && width < NARROW;
  const columns = useMemo(() => (cards ? chosen : withRoom(chosen, width || 1200)), [chosen, cards, width]);
  useEffect(() => onColumns(columns), [columns, onColumns]);
  const height = cards ? HEIGHTS.card : HEIGHTS[density];
  const focusAt = focus === null ? -1 : ids.indexOf(focus);
  const virtual = useRows(ids.length, height, top, focusAt);
  const items = virtual.getVirtualItems();
  const last = items.findLast((item) => item.index !== focusAt)?.index ?? 0;
  useEffect(() => {
    if (view.more && last >= ids.length - AHEAD) void list.readMore();
  }, [list, view.more, last, ids.length]);
  useLooking(list, ids, items[0]?.index ?? 0, last);

  const reveal = useCallback(
    (id: string) => {
      const index = ids.indexOf(id);
      if (index < 0) return;
      virtual.scrollToIndex(index, { align: "auto" });
      focusSoon(body, id);
    },
    [ids, virtual],
  );
  const move = (by: number, reach: boolean) => {
    const from = focusAt < 0 ? (by > 0 ? -1 : 0) : focusAt;
    const id = ids[Math.min(Math.max(from + by, 0), ids.length - 1)];
    if (id === undefined) return;
    if (reach && focus !== null) {
      ticks.anchorAt(focus);
      ticks.reach(id, ids);
    }
    props.onFocus(id);
    reveal(id);
  };
  useLayoutEffect(() => {
    const show = (id: string) => virtual.scrollToIndex(Math.max(0, ids.indexOf(id)), { align: "start" });
    const first = () => Math.max(0, Math.ceil((window.scrollY + headRoom() + HEAD - top) / height));
    control.current = { reveal, show, first, move };
  });
  const keys = (event: KeyboardEvent<HTMLDivElement>) => {
    const page = Math.max(1, Math.floor(window.innerHeight / height) - 3);
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -ids.length, End: ids.length }[
      event.key
    ];
    if (by !== undefined && !event.altKey && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
      event.preventDefault();
      move(by, false);
    } else if (
      event.key === " " &&
      event.target instanceof HTMLElement &&
      event.target.role === "row" &&
      focus !== null
    ) {
      event.preventDefault();
      handlers.tick(focus, event.shiftKey);
    }
  };
  const template = { gridTemplateColumns: tracks(columns) };
  return (
    <div
      role="grid"
      aria-label={texts.list}
      aria-multiselectable="true"
      aria-rowcount={total === null ? -1 : total + 1}
      aria-busy={view.reading}
      className={css.table}
      data-cards={cards || undefined}
      onKeyDown={keys}
    >
      <Head columns={columns} ids={ids} ticks={ticks} template={template} cards={cards} />
      <div
        ref={body}
        role="rowgroup"
        className={css.body}
        style={{ height: virtual.getTotalSize(), ["--tracks" as string]: template.gridTemplateColumns }}
      >
        {items.map((item) => {
          const id = ids[item.index] ?? "";
          return (
            <Row
              key={id}
              id={id}
              index={item.index}
              top={item.start - top}
              height={height}
              list={list}
              ticks={ticks}
              columns={columns}
              focused={focus === id || (focus === null && item.index === 0)}
              left={view.left.has(id)}
              cards={cards}
              handlers={handlers}
            />
          );
        })}
      </div>
    </div>
  );
}
