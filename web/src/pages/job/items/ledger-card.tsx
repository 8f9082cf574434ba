/** A ledger in figures; its states are the filter of the table below. */

import { UnstyledButton } from "@mantine/core";
import { items as text } from "../../../text/job/items";
import { exact, size } from "../../../text/words";
import { useReaddress } from "../address";
import type { Ledger } from "../reads";
import css from "./items.module.css";

const STATES = ["failed", "pending", "done", "skipped"] as const;

export interface LedgerCardProps {
  counts: Ledger;
  chosen: boolean;
  /** Whether there are others to choose. */
  many: boolean;
  /** The state that is shown of it: null for all. */
  state: string | null | undefined;
}

export function LedgerCard({ counts, chosen, many, state }: LedgerCardProps) {
  const readdress = useReaddress();
  const show = (next: string) => readdress({ tab: "items", ledger: many ? counts.ledger : undefined, state: next });
  return (
    <li className={css.card} data-chosen={(many && chosen) || undefined}>
      <div className={css.head}>
        <h2 className={css.name}>{counts.ledger}</h2>
        <span className={css.total}>
          {text.count(counts.total)}
          {counts.size > 0 && `, ${size(counts.size_done)} of ${size(counts.size)}`}
          {counts.duplicates > 0 &&
            `, ${text.duplicates(counts.duplicates, counts.size_saved > 0 ? size(counts.size_saved) : "")}`}
        </span>
      </div>
      <Shares counts={counts} />
      <div className={css.states}>
        <State on={state === null} label={text.all} count={counts.total} onPress={() => show("all")} />
        {STATES.map((one) => (
          <State
            key={one}
            name={one}
            on={state === one}
            label={text.states[one] ?? one}
            count={counts[one]}
            onPress={() => show(one)}
          />
        ))}
      </div>
    </li>
  );
}

function Shares({ counts }: { counts: Ledger }) {
  return (
    <div className={css.shares} aria-hidden>
      {(["done", "skipped", "failed"] as const).map(
        (state) =>
          counts[state] > 0 && (
            <div
              key={state}
              data-state={state}
              style={{ width: `${(counts[state] / Math.max(counts.total, 1)) * 100}%` }}
            />
          ),
      )}
    </div>
  );
}

interface StateProps {
  on: boolean;
  label: string;
  count: number;
  name?: string;
  onPress: () => void;
}

function State({ on, label, count, name, onPress }: StateProps) {
  return (
    <UnstyledButton
      className={css.state}
      aria-pressed={on}
      data-state={name}
      disabled={count === 0 && !on && name !== undefined}
      onClick={onPress}
    >
      {name !== undefined && <span className={css.swatch} aria-hidden />}
      {label} <span className={css.figure}>{exact(count)}</span>
    </UnstyledButton>
  );
}
