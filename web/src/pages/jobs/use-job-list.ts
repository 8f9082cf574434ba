/** The list that the address asks for; the last good one stays in view until it is there, and when it is refused. */

import { Refused } from "@headway/client";
import { useEffect, useState, useSyncExternalStore } from "react";
import { client } from "../../data/client";
import { useLost } from "../../data/signal";
import type { Chosen } from "./address";
import { JobList, type ListView, type Source, WINDOW } from "./job-list";

const source: Source = {
  page: async ({ q, sort, after, limit }) => {
    const query = { limit, sort, ...(q === "" ? {} : { q }), ...(after === null ? {} : { after }) };
    return (await client.rest.GET("/api/v1/jobs", { params: { query } })).data;
  },
  one: async (id) => (await client.rest.GET("/api/v1/jobs/{any_id}", { params: { path: { any_id: id } } })).data,
  live: (q) => client.followJobs({ limit: WINDOW, ...(q === "" ? {} : { q }) }),
  now: () => client.now(),
};

/** Lists of this visit, the newest last, so that Back finds its rows as they were. */
const MOST_KEPT = 3;
const kept: JobList[] = [];

export interface Listed {
  list: JobList;
  view: ListView;
  /** The list that was asked for and is not there: under way, or refused. */
  wanted: { list: JobList; view: ListView } | null;
  /** Begins again at its beginning, where an address has led into its middle. */
  fromNewest: () => void;
}

/** What the address asks for, as far as it is there. */
export function useJobList({ query, sort, cursor }: Chosen): Listed {
  const [wanted, setWanted] = useState(() => listFor(query, sort, cursor?.page ?? null));
  if (wanted.query !== query || wanted.sort !== sort) setWanted(listFor(query, sort, null));
  const wantedView = useSyncExternalStore(wanted.subscribe, wanted.getSnapshot, wanted.getSnapshot);
  const [shown, setShown] = useState(wanted);
  if (shown !== wanted && wantedView.state === "ready") setShown(wanted);
  const view = useSyncExternalStore(shown.subscribe, shown.getSnapshot, shown.getSnapshot);
  useEffect(() => shown.open(), [shown]);
  useEffect(() => wanted.open(), [wanted]);
  const lost = useLost();
  useEffect(() => {
    if (!lost && wanted.getSnapshot().state === "failed") void wanted.restart();
  }, [lost, wanted]);
  const fromNewest = () => setWanted(listFor(query, sort, null));
  return { list: shown, view, wanted: shown === wanted ? null : { list: wanted, view: wantedView }, fromNewest };
}

const focused = new WeakMap<JobList, string>();

/** The row that had the focus when the list was left. */
export function focusOf(list: JobList): string | null {
  return focused.get(list) ?? null;
}

export function keepFocus(list: JobList, id: string): void {
  focused.set(list, id);
}

/** One that is kept and holds the page at which the address stands, else a new one that begins there. */
function listFor(query: string, sort: Chosen["sort"], cursor: string | null): JobList {
  const found = kept.find((list) => list.query === query && list.sort === sort && list.reaches(cursor));
  if (found !== undefined) return found;
  const list = new JobList(source, query, sort, cursor);
  kept.push(list);
  kept.splice(0, kept.length - MOST_KEPT);
  return list;
}

/** What the server did not understand in the query. */
export function wrongIn({ view, wanted }: Listed): { from: number; to: number; message: string } | null {
  const error = (wanted?.view ?? view).error;
  if (!(error instanceof Refused) || error.code !== "bad_query") return null;
  const at = error.problem.at;
  const [from, to] = Array.isArray(at) ? at.map(Number) : [0, 0];
  return { from: from ?? 0, to: to ?? 0, message: error.detail };
}
