/** What an id or a word may mean: asked of the server while somebody types. */

import type { components } from "@headway/client";
import { client } from "./client";

export type Hit = components["schemas"]["Hit"];
export type Found = components["schemas"]["Found"];

const RECENT = 6;
/** Of more than so many none can be told apart by a word or two. */
const SESSIONS = 500;

export async function search(text: string, signal: AbortSignal): Promise<Found> {
  const { data } = await client.rest.GET("/api/v1/search", { params: { query: { q: text } }, signal });
  return data;
}

/** Sessions whose verbs a palette can offer. */
export async function sessionsToAsk(signal: AbortSignal) {
  const { data } = await client.rest.GET("/api/v1/sessions", { params: { query: { limit: SESSIONS } }, signal });
  return data.sessions;
}

/** The newest jobs, for a palette in which nothing is typed yet. */
export async function newestJobs(signal: AbortSignal) {
  const { data } = await client.rest.GET("/api/v1/jobs", { params: { query: { limit: RECENT } }, signal });
  return data.jobs;
}
