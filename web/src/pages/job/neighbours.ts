/** The jobs before and after this one in the list that one came from. The list is read once and walked in memory. */

import type { Client, Job } from "@headway/client";
import { useClient } from "@headway/client/react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

export interface Neighbours {
  previous: Job | null;
  next: Job | null;
  /** The place of the job in the list, from 1. */
  at: number;
}

/** As much of the list as was read. */
export interface Walked {
  jobs: readonly Job[];
  /** The cursor of what follows, null at the end. */
  after: string | null;
}

const PAGE = 200;
/** So far it looks into the list. Whoever comes from further down goes back to the list. */
const MOST = 2_000;
const FRESH_MS = 60_000;

const SORTS = ["-created", "created", "-started", "-ended"] as const;
type Sort = (typeof SORTS)[number];

/** Null while it is looked for, and where the job is not in the list. */
export function useNeighbours(id: string, list: string | undefined, sort: string | undefined): Neighbours | null {
  const client = useClient();
  const queries = useQueryClient();
  const order = SORTS.find((one) => one === sort) ?? "-created";
  const { data, isFetching, refetch } = useQuery({
    queryKey: ["walked", list, order],
    enabled: list !== undefined,
    staleTime: FRESH_MS,
    queryFn: ({ queryKey }) => readOn(client, list ?? "", order, id, queries.getQueryData<Walked>(queryKey)),
  });
  const short = data !== undefined && !reaches(data, id);
  useEffect(() => {
    if (short && !isFetching) void refetch();
  }, [short, isFetching, refetch]);
  return data === undefined ? null : neighboursIn(data, id);
}

export function neighboursIn({ jobs }: Walked, id: string): Neighbours | null {
  const found = jobs.findIndex((job) => job.id === id);
  if (found < 0) return null;
  return { previous: jobs[found - 1] ?? null, next: jobs[found + 1] ?? null, at: found + 1 };
}

/** Whether what was read says what comes after the job, or reading on would not tell. */
export function reaches({ jobs, after }: Walked, id: string): boolean {
  const found = jobs.findIndex((job) => job.id === id);
  return after === null || jobs.length >= MOST || (found >= 0 && found < jobs.length - 1);
}

/** Reads on where the job was not reached yet, else from the beginning. */
async function readOn(client: Client, q: string, sort: Sort, id: string, known?: Walked): Promise<Walked> {
  let walked: Walked = known === undefined || reaches(known, id) ? { jobs: [], after: "" } : known;
  while (walked.after === "" || !reaches(walked, id)) {
    const query = { q, sort, limit: PAGE, ...(walked.after ? { after: walked.after } : {}) };
    const { data } = await client.rest.GET("/api/v1/jobs", { params: { query } });
    walked = { jobs: [...walked.jobs, ...data.jobs], after: data.next };
  }
  return walked;
}
