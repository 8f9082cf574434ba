/** The items of a ledger, a page at a time. */

import type { Item, Job } from "@headway/client";
import { useClient } from "@headway/client/react";
import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Fragment, useState } from "react";
import { perform } from "../../../data/actions";
import { useLost } from "../../../data/signal";
import { retriesItems } from "../../../parts/actions";
import { Empty } from "../../../parts/empty";
import { Moment } from "../../../parts/moment";
import { Status } from "../../../parts/status";
import table from "../../../parts/table.module.css";
import { dialogs } from "../../../text/dialogs";
import { items as text } from "../../../text/job/items";
import { exact, size } from "../../../text/words";
import { JsonTree } from "../json-tree";
import { Read } from "../read";
import type { Ledger } from "../reads";
import css from "./items.module.css";

const PAGE = 100;

/** The state of an item, as states are drawn. */
const LOOKS: Record<string, string> = { done: "completed", pending: "pending", failed: "failed", skipped: "cancelled" };

export interface ItemTableProps {
  job: Job;
  ledger: Ledger;
  state: string | null;
}

export function ItemTable({ job, ledger, state }: ItemTableProps) {
  const query = useItems(job, ledger.ledger, state);
  const { columns } = text;
  return (
    <>
      <RetryFailed job={job} failed={ledger.failed} />
      <Read query={query}>
        {({ pages }) =>
          pages.every((page) => page.items.length === 0) ? (
            <Empty kind="nothing matches" title={text.empty} />
          ) : (
            <table className={table.table} aria-label={text.label}>
              <thead>
                <tr>
                  <th scope="col">{columns.key}</th>
                  <th scope="col">{columns.state}</th>
                  <th scope="col" className={table.figure}>
                    {columns.size}
                  </th>
                  <th scope="col" className={table.figure}>
                    {columns.attempts}
                  </th>
                  <th scope="col">{columns.why}</th>
                  <th scope="col">{columns.updated}</th>
                </tr>
              </thead>
              <tbody>{pages.flatMap((page) => page.items.map((item) => <Row key={item.key} item={item} />))}</tbody>
            </table>
          )
        }
      </Read>
      {query.hasNextPage && (
        <Button
          mt="sm"
          size="xs"
          variant="default"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {text.more}
        </Button>
      )}
    </>
  );
}

function useItems({ id, ended_at }: Job, ledger: string, state: string | null) {
  const client = useClient();
  return useInfiniteQuery({
    queryKey: ["job", id, "items", ledger, state, ended_at],
    initialPageParam: null as string | null,
    getNextPageParam: (page: { next: string | null }) => page.next,
    queryFn: async ({ pageParam }) => {
      const query = {
        ledger,
        limit: PAGE,
        ...(state === null ? {} : { state }),
        ...(pageParam === null ? {} : { after: pageParam }),
      };
      return (await client.rest.GET("/api/v1/jobs/{any_id}/items", { params: { path: { any_id: id }, query } })).data;
    },
  });
}

function RetryFailed({ job, failed }: { job: Job; failed: number }) {
  const lost = useLost();
  if (failed === 0) return null;
  const over = retriesItems(job);
  return (
    <div className={css.retry}>
      <Button
        size="xs"
        variant="default"
        disabled={lost || !over}
        onClick={() => void perform(job, "retry", { items: "failed" })}
      >
        {dialogs.retryItems(failed)}
      </Button>
      {!over && <span className={table.quiet}>{text.retryNot}</span>}
    </div>
  );
}

function Row({ item }: { item: Item }) {
  const [open, setOpen] = useState(false);
  const { columns } = text;
  return (
    <Fragment>
      <tr>
        <td data-wide>
          <button
            type="button"
            className={css.key}
            aria-expanded={open}
            aria-label={text.details(item.key)}
            onClick={() => setOpen(!open)}
          >
            {item.key}
          </button>
        </td>
        <td>
          <Status state={LOOKS[item.state] ?? item.state} label={text.states[item.state] ?? item.state} />
        </td>
        <td className={table.figure}>{item.size !== null && size(item.size)}</td>
        <td className={table.figure} data-label={columns.attempts}>
          {exact(item.attempts)}
        </td>
        <td className={item.state === "failed" ? table.bad : table.quiet}>
          {item.error?.message ?? (item.duplicate_of !== null && text.sameAs(item.duplicate_of))}
        </td>
        <td>{item.updated_at !== null && <Moment at={item.updated_at} />}</td>
      </tr>
      {open && (
        <tr>
          <td colSpan={6} data-wide>
            <JsonTree value={told(item)} />
          </td>
        </tr>
      )}
    </Fragment>
  );
}

/** What is set of the item, for those who look closer. */
function told(item: Item): Record<string, unknown> {
  const { value, hash, status_code, duplicate_of, data, error } = item;
  const all = { value, hash, status_code, duplicate_of, data, trace: error?.trace ?? error?.message ?? null };
  return Object.fromEntries(
    Object.entries(all).filter(
      ([, one]) => one !== null && !(typeof one === "object" && Object.keys(one).length === 0),
    ),
  );
}
