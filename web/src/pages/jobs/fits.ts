/** Whether a job fits a query, for rows that are loaded already while the server can not be asked. */

import type { Job } from "@headway/client";
import { type Word, wordsOf } from "./words";

const ENDED = new Set(["completed", "failed", "cancelled", "rolled_back", "rollback_failed"]);

type Values = (job: Job) => readonly (string | null)[];

const VALUES: Record<string, Values> = {
  state: (job) => [job.state],
  status: (job) => [job.state],
  type: (job) => [job.type],
  name: (job) => [job.name],
  session: (job) => [job.session],
  category: (job) => [job.category],
  context: (job) => [job.context_id],
  owner: (job) => [job.owner],
  error: (job) => [job.error?.code ?? null],
  id: (job) => [job.id, String(job.number), ...Object.values(job.external_ids), job.context_id],
  parent: (job) => [job.parent_id],
  root: (job) => [job.root_id],
  restarted_from: (job) => [job.restarted_from],
  is: (job) => [ENDED.has(job.state) ? "ended" : "active"],
};

/** A test for jobs. It knows what rows hold, which is less than the server does. */
export function fitting(query: string): (job: Job) => boolean {
  const tests = wordsOf(query).map(testOf);
  return (job) => tests.every((test) => test(job));
}

function testOf(word: Word): (job: Job) => boolean {
  if (word.field === null || word.field === "text") return (job) => holds(job, word.values.join(","));
  if (word.field === "label" || word.field.startsWith("label.")) return labelTest(word);
  const values = VALUES[word.field];
  if (values === undefined) return () => true;
  return (job) => values(job).some((value) => value !== null && word.values.includes(value)) !== word.denied;
}

function holds(job: Job, text: string): boolean {
  const wanted = text.toLowerCase();
  return [job.name, job.type, job.id].some((place) => place.toLowerCase().includes(wanted));
}

function labelTest({ field, values, denied }: Word): (job: Job) => boolean {
  const named = field?.startsWith("label.") ? field.slice("label.".length) : null;
  const pairs = values.map((value) => (named === null ? pair(value) : { name: named, value }));
  return (job) => pairs.some(({ name, value }) => job.labels[name] === value) !== denied;
}

function pair(text: string): { name: string; value: string } {
  const at = text.search(/[=:]/);
  return at < 0 ? { name: text, value: "" } : { name: text.slice(0, at), value: text.slice(at + 1) };
}
