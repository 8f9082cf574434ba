/** The states with how many jobs are in each; a click filters. */

import { memo } from "react";
import { Status } from "../../parts/status";
import { jobs as texts } from "../../text/jobs";
import { states as words } from "../../text/states";
import { exact } from "../../text/words";
import css from "./chips.module.css";
import { type Counts, MOST_COUNTED } from "./counts";
import { STATES } from "./words";

/** Those that always stand there, so that the row does not jump; the others come when there is such a job. */
const ALWAYS: readonly string[] = ["pending", "running", "paused", "interrupted", "completed", "failed", "cancelled"];

export interface ChipsProps {
  counts: Counts | undefined;
  chosen: readonly string[];
  /** Null: all states. */
  onToggle(state: string | null): void;
}

export const Chips = memo(function Chips({ counts, chosen, onToggle }: ChipsProps) {
  const shown = STATES.filter(
    (state) => ALWAYS.includes(state) || chosen.includes(state) || (counts?.[state] ?? 0) > 0,
  );
  const all = counts === undefined ? undefined : Object.values(counts).reduce((sum, n) => sum + n, 0);
  return (
    <fieldset className={css.chips} data-chips>
      <legend className={css.legend}>{texts.states}</legend>
      <button type="button" className={css.chip} aria-pressed={chosen.length === 0} onClick={() => onToggle(null)}>
        {texts.all} <Count n={all} />
      </button>
      {shown.map((state) => (
        <button
          key={state}
          type="button"
          className={css.chip}
          data-none={(counts !== undefined && !counts[state]) || undefined}
          aria-pressed={chosen.includes(state)}
          onClick={() => onToggle(state)}
        >
          <Status state={state} label={words[state]?.replace("…", "") ?? state} />{" "}
          <Count n={counts && (counts[state] ?? 0)} />
        </button>
      ))}
    </fieldset>
  );
});

function Count({ n }: { n: number | undefined }) {
  if (n === undefined) return <span className={css.count} />;
  return <span className={css.count}>{n > MOST_COUNTED ? `${exact(MOST_COUNTED)}+` : exact(n)}</span>;
}
