/** Texts of a job that is not there. */

import { isolated } from "../bidi";

export const missing = {
  title: "There is no such job",
  text: (id: string) => `No job answers to “${id}” on this server.`,
  whole: (id: string) => `The job “${id}” was deleted, or was never on this server.`,
  deletedTitle: "This job was deleted",
  deletedText: (name: string) => `“${isolated(name)}” is gone for good, and its history went with it.`,
  near: "What it may mean",
  toJobs: "To all jobs",
  searching: "Looking for near ones…",
  nothingNear:
    "Nothing near it either. Ids are found by their number, the whole id, its last 6 or more characters, an external id or a context id.",
  kinds: {
    job: "job",
    session: "session",
    parent: "parent",
    attempt: "attempt",
    external: "external id",
    context: "context id",
    idempotency: "idempotency key",
    worker: "worker",
  } as Record<string, string>,
};
