/** The jobs before and after this one in the list that one came from. */

import type { Client, Job } from "@headway/client";
import { useClient } from "@headway/client/react";
import { useQuery } from "@tanstack/react-query";

export interface Neighbours {
  previous: Job | null;
  next: Job | null;
  /** The place of the job in the list, from 1. */
  at: number;
}

const PAGE = 200;
/** So far it looks into the list. Whoever comes from further down goes back to the list. */
const MOST_PAGES = 10;

interface Asked {
  q: string;
  sort: Sort;
  limit: number;
  after?: string;
}

type Sort = "-created" | "created" | "-started" | "-ended";
const SORTS: readonly string[] = ["-created", "created", "-started", "-ended"];

/** Null while it is looked for, and where the job is not in the list. */
export function useNeighbours(id: string, list: string | undefined, sort: string | undefined): Neighbours | null {
  const client = useClient();
  const { data } = useQuery({
    queryKey: ["neighbours", list, sort, id],
    enabled: list !== undefined,
    staleTime: 60_000,
    queryFn: () => find(client, id, list ?? "", SORTS.includes(sort ?? "") ? (sort as Sort) : "-created"),
  });
  return data ?? null;
}

async function find(client: Client, id: string, q: string, sort: Sort): Promise<Neighbours | null> {
  let before: Job | null = null;
  let seen = 0;
  let after: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query: Asked = { q, sort, limit: PAGE, ...(after === null ? {} : { after }) };
    const { data }: { data: { jobs: Job[]; next: string | null } } = await client.rest.GET("/api/v1/jobs", {
      params: { query },
    });
    const found = data.jobs.findIndex((job) => job.id === id);
    if (found >= 0) {
      const next =
        data.jobs[found + 1] ?? (data.next === null ? null : await first(client, { ...query, after: data.next }));
      return { previous: data.jobs[found - 1] ?? before, next, at: seen + found + 1 };
    }
    if (data.next === null) return null;
    before = data.jobs.at(-1) ?? before;
    seen += data.jobs.length;
    after = data.next;
  }
  return null;
}

async function first(client: Client, query: Asked): Promise<Job | null> {
  const { data } = await client.rest.GET("/api/v1/jobs", { params: { query: { ...query, limit: 1 } } });
  return data.jobs[0] ?? null;
}
