// biome-ignore-all lint/a11y/useSemanticElements: a table whose rows are placed one by one can not be a <table>
// biome-ignore-all lint/a11y/useFocusableInteractive: the rows take the focus, not the cells in them
/** The list itself: only the rows on the screen exist. Its keys work while the focus is in it; see keys.ts for the rest. */

import { useWindowVirtualizer } from "@tanstack/react-virtual";
import {
  type KeyboardEvent,
  type RefObject,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { usePreferences } from "../../data/preferences";
import { jobs as texts } from "../../text/jobs";
import { COLUMNS, type ColumnName, NARROW, tracks, withRoom } from "./columns";
import type { JobList, ListView } from "./job-list";
import { Row, type RowHandlers } from "./row";
import type { Ticks } from "./selection";
import css from "./table.module.css";

const HEAD = 34;
const HEIGHTS = { comfortable: 40, compact: 32, card: 92 };
/** Rows drawn beyond the edges of the window. */
const OVERSCAN = 10;
/** So many rows before the end the next page is read. */
const AHEAD = 40;
const LOOK_MS = 3_000;

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

interface HeadProps {
  columns: readonly ColumnName[];
  ids: readonly string[];
  ticks: Ticks;
  template: { gridTemplateColumns: string };
  cards: boolean;
}

function Head({ columns, ids, ticks, template, cards }: HeadProps) {
  return (
    <div role="rowgroup" className={css.head} data-cards={cards || undefined}>
      <div role="row" aria-rowindex={1} className={css.headRow} style={template}>
        <div role="columnheader" className={css.tickCell}>
          <TickAll ids={ids} ticks={ticks} />
          {cards && <span className={css.tickLabel}>{texts.tickAllBrief}</span>}
        </div>
        {columns.map((name) => (
          <div key={name} role="columnheader" className={css.headCell} data-end={COLUMNS[name].end || undefined}>
            {texts.columns[name]}
          </div>
        ))}
        <div role="columnheader" aria-label={texts.menu("jobs")} />
      </div>
    </div>
  );
}

function TickAll({ ids, ticks }: { ids: readonly string[]; ticks: Ticks }) {
  const [chosen, setChosen] = useState(ticks.getSnapshot);
  useEffect(() => ticks.subscribe(() => setChosen(ticks.getSnapshot())), [ticks]);
  const some = chosen.ids.size > 0;
  const every = some && ids.every((id) => chosen.ids.has(id));
  return (
    <input
      type="checkbox"
      className={css.tick}
      aria-label={texts.tickAll}
      checked={every}
      ref={(box) => {
        if (box !== null) box.indeterminate = some && !every;
      }}
      onChange={() => (every ? ticks.clear() : ticks.every(ids))}
    />
  );
}

function useRows(count: number, height: number, top: number, focusAt: number) {
  const virtual = useWindowVirtualizer({
    count,
    estimateSize: () => height,
    overscan: OVERSCAN,
    scrollMargin: top,
    scrollPaddingStart: headRoom() + HEAD,
    scrollPaddingEnd: 72,
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
function useBox(body: RefObject<HTMLDivElement | null>) {
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
function useLooking(list: JobList, ids: readonly string[], first: number, last: number) {
  const seen = useRef<readonly string[]>([]);
  seen.current = ids.slice(first, last + 1);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) list.look(seen.current);
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, [list]);
}

/** Pixels that sticky heads cover. */
function headRoom(): number {
  const style = getComputedStyle(document.documentElement);
  return Number.parseFloat(style.getPropertyValue("--app-shell-header-offset")) || 0;
}

function focusSoon(body: RefObject<HTMLDivElement | null>, id: string, tries = 10): void {
  const row = body.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`);
  if (row) row.focus({ preventScroll: true });
  else if (tries > 0) requestAnimationFrame(() => focusSoon(body, id, tries - 1));
}
