/** What the job warned of: the newest in its own words, and where the rest stands. */

import type { Job } from "@headway/client";
import { useClient } from "@headway/client/react";
import { IconAlertTriangle } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { page as text } from "../../text/job/page";
import { useFailedItems } from "./failed-items";
import { useJob } from "./followed";
import css from "./head.module.css";
import { sentence } from "./sentences";

/** So far back the newest warning is looked for. */
const LAST_EVENTS = 200;

export function Warnings() {
  const job = useJob();
  const newest = useNewest(job);
  const failed = useFailedItems();
  if (job.warnings === 0) return null;
  const others = job.warnings - 1;
  return (
    <section className={css.warnings} aria-label={text.warnings.label}>
      <span className={css.warning}>
        <IconAlertTriangle size={14} stroke={2.2} aria-hidden />
        <span>{newest ?? text.warnings.count(job.warnings)}</span>
      </span>
      {(newest === null || others > 0) && (
        <Link to="." search={eventsOf} resetScroll={false}>
          {newest === null ? text.warnings.show : text.warnings.more(others)}
        </Link>
      )}
      {failed > 0 && (
        <Link to="." search={failedOf} resetScroll={false}>
          {text.warnings.failed(failed)}
        </Link>
      )}
    </section>
  );
}

type Search = Record<string, unknown>;

const PLAIN = { step: undefined, ledger: undefined, kind: undefined, state: undefined };
const eventsOf = (before: Search) => ({ ...before, ...PLAIN, tab: "events", kind: "warning" });
const failedOf = (before: Search) => ({ ...before, ...PLAIN, tab: "items", state: "failed" });

/** Null before it is read, and where it lies further back. */
function useNewest({ id, warnings, events }: Job): string | null {
  const client = useClient();
  const { data } = useQuery({
    queryKey: ["job", id, "newest warning", warnings],
    enabled: warnings > 0,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      const query = { after: Math.max(0, events - LAST_EVENTS), limit: LAST_EVENTS, logs: false };
      const asked = { params: { path: { any_id: id }, query } };
      const found = (await client.rest.GET("/api/v1/jobs/{any_id}/events", asked)).data.events;
      const last = found.findLast((event) => event.kind === "warning");
      return last === undefined ? null : sentence(last).what;
    },
  });
  return data ?? null;
}
