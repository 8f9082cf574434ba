/** One row of the waterfall. A row whose work is over is not drawn again while others go on. */

import { memo } from "react";
import { Status } from "../../../parts/status";
import { timeline as text } from "../../../text/job/timeline";
import { duration } from "../../../text/words";
import type { Address } from "../address";
import { type Axis, shown } from "./axis";
import { type Bar, endOf, isFragment, type Row, spentUntil } from "./rows";
import css from "./waterfall.module.css";

export interface StepRowProps {
  row: Row;
  axis: Axis;
  /** The window, in the milliseconds of the axis. */
  from: number;
  to: number;
  /** Null where nothing of it goes on. */
  now: number | null;
  chosen: boolean;
  onChoose: (address: Address) => void;
  /** Where only the rows in sight are drawn: which of how many it is, and its place in pixels from the first. */
  index?: number;
  count?: number;
  top?: number;
  measure?: (row: HTMLElement | null) => void;
}

/** The state of a step, as states are drawn. */
export const LOOKS: Record<string, string> = { planned: "pending", skipped: "cancelled", "cut off": "interrupted" };
/** Narrower ones would not be seen. In percent. */
const NARROWEST = 0.25;

export const StepRow = memo(function StepRow(props: StepRowProps) {
  const { row, axis, from, to, now, chosen, onChoose } = props;
  const { name, state, bars } = row;
  const spent = spentUntil(row, now ?? 0);
  const took = spent === 0 && (name === null || bars.length === 0) ? "" : duration(spent / 1000);
  const word = text.states[state] ?? state;
  return (
    <li className={css.row} data-chosen={chosen || undefined} data-state={state} {...placed(props)}>
      <div className={css.label}>
        {name === null ? (
          <span className={css.job}>{text.whole}</span>
        ) : (
          <button
            type="button"
            data-row
            className={css.name}
            aria-expanded={chosen}
            aria-label={text.bar(name, word, now === null ? took : "", bars.at(-1)?.attempt ?? 0)}
            onClick={() => onChoose({ step: chosen ? undefined : name })}
          >
            <Status state={LOOKS[state] ?? state} label={word} brief />
            <span className={css.words} title={name}>
              {name}
            </span>
          </button>
        )}
      </div>
      <div className={css.track} aria-hidden>
        {bars.map((bar) => (
          <Piece
            key={`${bar.look} ${bar.from}`}
            bar={bar}
            axis={axis}
            from={from}
            to={to}
            now={now}
            whole={name === null}
          />
        ))}
        <End row={row} axis={axis} from={from} to={to} />
      </div>
      <div className={css.took}>{took}</div>
    </li>
  );
});

function placed({ index, count, top, measure }: StepRowProps) {
  if (index === undefined) return {};
  return {
    ref: measure,
    "data-index": index,
    "aria-posinset": index + 1,
    "aria-setsize": count,
    style: { transform: `translateY(${top}px)` },
  };
}

interface PieceProps {
  bar: Bar;
  axis: Axis;
  from: number;
  to: number;
  now: number | null;
  whole: boolean;
}

function Piece({ bar, axis, from, to, now, whole }: PieceProps) {
  const end = bar.to ?? now ?? axis.to;
  const at = shown(axis, { from, to }, bar.from, Math.max(end, bar.from));
  if (at === null || isFragment(bar, at.width)) return null;
  const words = whole ? text.doing[bar.look] : text.states[bar.look];
  const title = `${words ?? bar.look}, ${duration((end - bar.from) / 1000)}${bar.attempt > 0 ? `, ${text.attempt(bar.attempt)}` : ""}`;
  return (
    <div
      className={css.bar}
      data-look={bar.look}
      data-open={bar.to === null || undefined}
      title={title}
      style={{ left: `${at.left}%`, width: `${Math.max(at.width, NARROWEST)}%` }}
    />
  );
}

/** How the job ended, where its bar does. */
function End({ row, axis, from, to }: Pick<StepRowProps, "row" | "axis" | "from" | "to">) {
  const end = endOf(row);
  const at = end === null ? null : shown(axis, { from, to }, end, end);
  if (at === null) return null;
  return (
    <span className={css.end} data-end={row.state} style={{ left: `${at.left}%` }}>
      <Status state={row.state} brief />
    </span>
  );
}
