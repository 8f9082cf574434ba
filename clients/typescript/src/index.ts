/** Follow and control long-running jobs from a browser. */

export { type Client, type ClientOptions, createClient } from "./client.js";
export type { Callbacks, Connection, ConnectionState } from "./connection.js";
export type { TokenSource } from "./http.js";
export type { JobStore, JobView } from "./job-store.js";
export type { JobsStore, JobsView } from "./jobs-store.js";
export { Refused, Unreachable } from "./problem.js";
export type { Rest } from "./rest.js";
export type { components, operations, paths } from "./schema.js";
export type {
  ActOptions,
  After,
  Attempt,
  Event,
  Health,
  Item,
  Job,
  JobFilter,
  NewJob,
  Problem,
  Progress,
  Session,
  Step,
  Store,
  Verb,
  Worker,
} from "./types.js";
