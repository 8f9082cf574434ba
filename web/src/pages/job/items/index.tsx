/** What the job works through, item by item, with what failed first. */

import { useState } from "react";
import { Empty } from "../../../parts/empty";
import { items as text } from "../../../text/job/items";
import { page } from "../../../text/job/page";
import { useAddress } from "../address";
import { useJob } from "../followed";
import { Read } from "../read";
import { type Ledger, useLedgers } from "../reads";
import css from "./items.module.css";
import { LedgerCard } from "./ledger-card";
import { ItemTable } from "./table";

export default function Items() {
  const query = useLedgers();
  return <Read query={query}>{(ledgers) => (ledgers.length === 0 ? <None /> : <Ledgers ledgers={ledgers} />)}</Read>;
}

function None() {
  return (
    <Empty kind="nothing yet" title={text.none} snippet={text.snippet} what={page.theSnippet}>
      {text.noneText}
    </Empty>
  );
}

function Ledgers({ ledgers }: { ledgers: readonly Ledger[] }) {
  const address = useAddress();
  const job = useJob();
  const ledger = ledgers.find((one) => one.ledger === address.ledger) ?? ledgers[0];
  // What failed is shown first, but it does not jump there while somebody looks.
  const [first] = useState(() => (ledger !== undefined && ledger.failed > 0 ? "failed" : null));
  if (ledger === undefined) return null;
  const state = address.state === "all" ? null : (address.state ?? first);
  return (
    <>
      <ul className={css.ledgers} aria-label={text.ledgers}>
        {ledgers.map((one) => (
          <LedgerCard
            key={one.ledger}
            counts={one}
            chosen={one.ledger === ledger.ledger}
            many={ledgers.length > 1}
            state={one.ledger === ledger.ledger ? state : undefined}
          />
        ))}
      </ul>
      <ItemTable key={`${ledger.ledger} ${state}`} job={job} ledger={ledger} state={state} />
    </>
  );
}
