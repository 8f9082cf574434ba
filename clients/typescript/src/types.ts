/** Short names for what the server's OpenAPI document describes. */

import type { components, operations } from "./schema.js";

type Schemas = components["schemas"];

/** A tracked piece of work, as it is at its `version`. */
export type Job = Schemas["Job"];
/** An entry of a job's numbered history. `kind`: move, control, step, warning, log or note. */
export type Event = Schemas["Event"];
export type Progress = Schemas["Progress"];
export type Step = Schemas["Step"];
export type Session = Schemas["Session"];
export type Worker = Schemas["Worker"];
export type Item = Schemas["Item"];
export type Attempt = Schemas["Attempt"];
export type Health = Schemas["Health"];
type Told = "type" | "title" | "status" | "detail" | "code" | "instance" | "request_id";
/** A refusal of the server, as RFC 9457 has it; some have more members. */
export type Problem = Pick<Schemas["Problem"], Told> & Partial<Schemas["Problem"]> & { [member: string]: unknown };

/** What to submit: a type, and whatever is not as usual. */
export type NewJob = Partial<Omit<Schemas["NewJob"], "type" | "input">> & { type: string; input?: object };

/** Which jobs to follow. */
export type JobFilter = Omit<NonNullable<operations["stream_jobs"]["parameters"]["query"]>, never>;

/** What may be done with a job. Which of them its state permits now stands in its `moves`. */
export type Verb = "pause" | "resume" | "cancel" | "retry" | "restart" | "rollback" | "pin" | "unpin" | "delete";

export interface ActOptions {
  reason?: string | undefined;
  /** Whether the jobs below it are meant too (the usual), or the job alone. */
  scope?: "tree" | "job" | undefined;
  /** retry: its failed items alone. */
  items?: "failed" | undefined;
  /** rollback: only what came after this step. */
  to_step?: string | undefined;
  /** restart: all of another input; a secret in it that is given as it is shown is the old one. */
  input?: object | undefined;
}

/** The number or the id of the last event that is known; 0 for the whole history. */
export type After = string | number | null;

/** Something that changes and can be looked at. Snapshots are immutable, and the same object until something changes. */
export interface Store<T> {
  getSnapshot(): T;
  /** Calls the listener after changes, once a frame at most. Returns what ends that. */
  subscribe(listener: () => void): () => void;
}
