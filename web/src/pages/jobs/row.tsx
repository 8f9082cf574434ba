// biome-ignore-all lint/a11y/useSemanticElements: a table whose rows are placed one by one can not be a <table>
// biome-ignore-all lint/a11y/useFocusableInteractive: the rows take the focus, not the cells in them
/** A row of the list. It draws itself anew only when its own job, its tick or its focus changes. */

import { type MouseEvent, memo, useSyncExternalStore } from "react";
import { jobs as texts } from "../../text/jobs";
import { cameFrom } from "./address";
import { CELLS } from "./cells";
import { COLUMNS, type ColumnName } from "./columns";
import type { JobList } from "./job-list";
import { RowMenu } from "./row-menu";
import type { Ticks } from "./selection";
import css from "./table.module.css";

export interface RowProps {
  id: string;
  index: number;
  top: number;
  height: number;
  list: JobList;
  ticks: Ticks;
  columns: readonly ColumnName[];
  focused: boolean;
  left: boolean;
  cards: boolean;
  handlers: RowHandlers;
}

export interface RowHandlers {
  focus(id: string): void;
  open(id: string, aside: boolean): void;
  tick(id: string, reach: boolean): void;
  only(field: string, value: string): void;
}

const INSIDE = "a, button, input, [role=menuitem]";

export const Row = memo(function Row(props: RowProps) {
  const { id, index, top, height, list, ticks, columns, focused, left, cards, handlers } = props;
  const job = useSyncExternalStore(list.subscribe, () => list.job(id));
  const ticked = useSyncExternalStore(ticks.subscribe, () => ticks.has(id));
  if (job === undefined) return null;
  const click = (event: MouseEvent<HTMLElement>) => {
    if (event.target instanceof Element && event.target.closest(INSIDE)) return;
    if (event.shiftKey) handlers.tick(id, true);
    else if (event.metaKey || event.ctrlKey) handlers.tick(id, false);
    else handlers.focus(id);
  };
  const openIt = (event: MouseEvent<HTMLElement>) => {
    if (event.target instanceof Element && event.target.closest(INSIDE)) return;
    handlers.open(id, event.metaKey || event.ctrlKey);
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys of all rows
    <div
      role="row"
      id={`job-${job.number}`}
      data-row={id}
      data-state={job.state}
      data-left={left || undefined}
      title={left ? texts.left : undefined}
      aria-rowindex={index + 2}
      aria-selected={ticked}
      tabIndex={focused ? 0 : -1}
      className={cards ? css.card : css.row}
      style={{ transform: `translateY(${top}px)`, height }}
      onFocus={() => handlers.focus(id)}
      onClick={click}
      onDoubleClick={openIt}
    >
      <div role="gridcell" className={css.tickCell}>
        <input
          type="checkbox"
          className={css.tick}
          checked={ticked}
          tabIndex={focused ? 0 : -1}
          aria-label={texts.tick(job.name)}
          onChange={(event) => {
            handlers.tick(id, event.nativeEvent instanceof MouseEvent && event.nativeEvent.shiftKey);
            // On a tick box Enter is no command: the row takes the focus back.
            event.currentTarget.closest<HTMLElement>("[data-row]")?.focus({ preventScroll: true });
          }}
        />
      </div>
      {columns.map((name) => (
        <div
          key={name}
          role="gridcell"
          className={css.cell}
          data-column={name}
          data-end={COLUMNS[name].end || undefined}
        >
          {CELLS[name]({ job, focused, from: cameFrom(list.query, list.sort) })}
        </div>
      ))}
      {!cards && !columns.includes("name") && <div role="gridcell" aria-hidden />}
      <div role="gridcell" className={css.menuCell}>
        <RowMenu job={job} focused={focused} handlers={handlers} />
      </div>
    </div>
  );
});
