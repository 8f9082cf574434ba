/** The history of the job without its log lines: what was, read once, and what comes, as it comes. */

import type { Client, Event, JobView } from "@headway/client";
import { useClient } from "@headway/client/react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { useJob, useStore, useView } from "./followed";

const PAGE = 500;
/** So many entries are read at once; a history that is longer is told to be, and read on when that is asked. */
const MOST_EVENTS = 5_000;

export interface Past {
  events: readonly Event[];
  /** All up to this number are in `events`, but for log lines. */
  upTo: number;
  more: boolean;
}

const NOTHING: Past = { events: [], upTo: 0, more: false };

export function useHistory() {
  const { id } = useJob();
  const client = useClient();
  const store = useStore();
  const queries = useQueryClient();
  const key = useMemo(() => ["job", id, "history"], [id]);
  const query = useQuery({
    queryKey: key,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => readOn(client, id, queries.getQueryData<Past>(key) ?? NOTHING, store.getSnapshot().job?.events ?? 0),
  });
  const known = query.data;
  const live = useView(telling, sameEnds);
  const reached = useView(begins);
  const gap = known !== undefined && !known.more && reached !== null && reached > known.upTo + 1;
  useEffect(() => {
    if (gap) void queries.invalidateQueries({ queryKey: key });
  }, [gap, queries, key]);
  const events = useMemo(() => joined(known ?? NOTHING, live), [known, live]);
  return { query, events, more: known?.more ?? false, readOn: () => void query.refetch() };
}

export function joined(past: Past, live: readonly Event[]): readonly Event[] {
  if (past.more) return past.events;
  const news = live.filter((event) => event.seq > past.upTo);
  return news.length === 0 ? past.events : [...past.events, ...news];
}

async function readOn(client: Client, id: string, past: Past, reach: number): Promise<Past> {
  const events = [...past.events];
  let after = past.upTo;
  for (;;) {
    const query = { after, limit: PAGE, logs: false };
    const { data } = await client.rest.GET("/api/v1/jobs/{any_id}/events", { params: { path: { any_id: id }, query } });
    const page = data.events;
    events.push(...page);
    after = Math.max(after, page.at(-1)?.seq ?? 0);
    const more = page.length === PAGE;
    if (!more || events.length >= past.events.length + MOST_EVENTS)
      return { events, upTo: more ? after : Math.max(after, reach), more };
  }
}

const telling = ({ events }: JobView) => events.filter((event) => event.kind !== "log");
const begins = ({ events }: JobView) => events[0]?.seq ?? null;

function sameEnds(a: readonly Event[], b: readonly Event[]): boolean {
  return a.length === b.length && a.at(-1)?.seq === b.at(-1)?.seq;
}
