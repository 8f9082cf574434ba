/** What an id or a word may mean: asked of the server while somebody types. */

import { client } from "./client";

export interface Hit {
  kind: string;
  id: string;
  job_id: string | null;
  session: string | null;
  worker: string | null;
  title: string;
  state: string | null;
  why: string;
  /** It is that id, not one that only begins so. */
  exact: boolean;
}

export interface Found {
  hits: readonly Hit[];
  near: readonly Hit[];
}

const RECENT = 6;

export async function search(text: string, signal: AbortSignal): Promise<Found> {
  const { data } = await client.rest.GET("/api/v1/search", { params: { query: { q: text } }, signal });
  return data;
}

/** The newest jobs, for a palette in which nothing is typed yet. */
export async function newestJobs(signal: AbortSignal) {
  const { data } = await client.rest.GET("/api/v1/jobs", { params: { query: { limit: RECENT } }, signal });
  return data.jobs;
}
