// biome-ignore-all lint/a11y/useSemanticElements: a table whose rows are placed one by one can not be a <table>
// biome-ignore-all lint/a11y/useFocusableInteractive: the rows take the focus, not the cells in them
/** The head of the list: names of the columns, and the box that ticks all rows. */

import { useSyncExternalStore } from "react";
import { jobs as texts } from "../../text/jobs";
import { parts } from "../../text/parts";
import { COLUMNS, type ColumnName } from "./columns";
import type { Ticks } from "./selection";
import css from "./table.module.css";

export interface HeadProps {
  columns: readonly ColumnName[];
  ids: readonly string[];
  ticks: Ticks;
  template: { gridTemplateColumns: string };
  cards: boolean;
}

export function Head({ columns, ids, ticks, template, cards }: HeadProps) {
  return (
    <div role="rowgroup" className={css.head} data-cards={cards || undefined}>
      <div role="row" aria-rowindex={1} className={css.headRow} style={template}>
        <div role="columnheader" className={css.tickCell}>
          <TickAll ids={ids} ticks={ticks} />
          {cards && <span className={css.tickLabel}>{texts.tickAllBrief}</span>}
        </div>
        {columns.map((name) => (
          <div
            key={name}
            role="columnheader"
            className={css.headCell}
            data-end={COLUMNS[name].end || undefined}
            title={name === "duration" ? parts.worked : undefined}
          >
            {texts.columns[name]}
          </div>
        ))}
        <div role="columnheader" aria-label={texts.menu("jobs")} />
      </div>
    </div>
  );
}

function TickAll({ ids, ticks }: { ids: readonly string[]; ticks: Ticks }) {
  const chosen = useSyncExternalStore(ticks.subscribe, ticks.getSnapshot);
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
