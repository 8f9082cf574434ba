/** Who works: processes that were seen within the last half minute. */

import type { Worker } from "@headway/client";
import { Empty } from "../../parts/empty";
import { Moment } from "../../parts/moment";
import table from "../../parts/table.module.css";
import { health as texts } from "../../text/health";
import { exact } from "../../text/words";
import css from "./health.module.css";
import { SKEW_S, skewOf } from "./report";

export function Workers({ workers }: { workers: readonly Worker[] }) {
  return (
    <section className={css.section} aria-labelledby="workers">
      <h2 id="workers" className={css.heading}>
        {texts.workers}
      </h2>
      {workers.length === 0 ? (
        <Empty kind="nothing yet" title={texts.noWorkers} snippet={texts.snippet} what={texts.theCommand}>
          {texts.noWorkersText}
        </Empty>
      ) : (
        <Table workers={workers} />
      )}
    </section>
  );
}

function Table({ workers }: { workers: readonly Worker[] }) {
  const { columns } = texts;
  return (
    <table className={table.table}>
      <thead>
        <tr>
          {Object.values(columns).map((title) => (
            <th key={title} scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {workers.map((worker) => (
          <tr key={worker.id} data-worker={worker.id}>
            <th scope="row">
              <div className={css.host}>{worker.host}</div>
              <div className={css.id}>{worker.id}</div>
            </th>
            <td data-label={columns.slots} className="hw-figures">
              {exact(worker.slots)}
            </td>
            <td data-label={columns.types}>
              <span className={css.types}>{worker.types.join(", ")}</span>
            </td>
            <td data-label={columns.seen}>
              {worker.stopped_at === null ? <Moment at={worker.seen_at} /> : texts.stopped}
            </td>
            <td data-label={columns.skew}>
              <Skew seconds={skewOf(worker)} />
            </td>
            <td data-label={columns.started}>
              <Moment at={worker.started_at} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Skew({ seconds }: { seconds: number | null }) {
  if (seconds === null) return texts.skewUnknown;
  if (Math.abs(seconds) <= SKEW_S) return texts.skewOk;
  return <span className={css.bad}>{texts.skew(`${seconds > 0 ? "+" : "−"}${Math.abs(seconds)} s`)}</span>;
}
