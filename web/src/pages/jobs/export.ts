/** The rows that are loaded, as a file: the columns that are shown, times in ISO 8601, numbers as numbers. */

import type { Job } from "@headway/client";
import type { ColumnName } from "./columns";
import { idsOf, labelsOf } from "./ids";

type Value = string | number | null;

const VALUES: Record<ColumnName, (job: Job) => Value> = {
  status: (job) => job.state,
  name: (job) => job.name,
  type: (job) => job.type,
  ids: (job) => idsOf(job).join(" "),
  labels: (job) => labelsOf(job).join(" "),
  number: (job) => job.number,
  session: (job) => job.session,
  owner: (job) => job.owner,
  category: (job) => job.category,
  queue: (job) => job.queue,
  progress: (job) => (job.state === "completed" ? 100 : (job.progress?.percent ?? null)),
  duration: (job) => seconds(job),
  started: (job) => job.started_at,
  created: (job) => job.created_at,
  ended: (job) => job.ended_at,
  attempts: (job) => job.attempt,
};

/** The id comes first: by it each row is found again. */
export function csvOf(jobs: readonly Job[], columns: readonly ColumnName[]): string {
  const head = ["id", ...columns].join(",");
  const rows = jobs.map((job) => [job.id, ...columns.map((name) => VALUES[name](job))].map(field).join(","));
  return `${[head, ...rows].join("\r\n")}\r\n`;
}

export function jsonOf(jobs: readonly Job[], columns: readonly ColumnName[]): string {
  const rows = jobs.map((job) => ({
    id: job.id,
    ...Object.fromEntries(columns.map((name) => [name, VALUES[name](job)])),
  }));
  return `${JSON.stringify({ schema: 1, jobs: rows }, null, 2)}\n`;
}

export function download(name: string, text: string, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1_000);
}

function seconds(job: Job): number | null {
  if (job.started_at === null || job.ended_at === null) return null;
  return Math.max(0, (Date.parse(job.ended_at) - Date.parse(job.started_at)) / 1000);
}

/** What a spreadsheet would take for a formula is made text by an apostrophe. */
function field(value: Value): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
