/** The health report: what is read for it, and its text for somebody else. */

import { type Health, Refused, type Worker } from "@headway/client";
import { client } from "../../data/client";
import { ofJobTypes } from "../../data/workers";
import { health as texts } from "../../text/health";
import { iso } from "../../text/times";

export interface Report {
  health: Health;
  workers: readonly Worker[];
  counts: Record<string, number>;
  /** Milliseconds since 1970 by the server's clock. */
  at: number;
}

/** More than so much between a worker's clock and the server's is told. */
export const SKEW_S = 5;

const KEY = "headway.report";

/** Reads the report, and keeps it for when the server is away. */
export async function readReport(signal: AbortSignal): Promise<Report> {
  const report = await readNow(signal);
  try {
    sessionStorage.setItem(KEY, JSON.stringify(report));
  } catch {
    // Storage is full or off: there is only what is in memory.
  }
  return report;
}

/** The last report that this tab has seen, however the page was left meanwhile. */
export function lastReport(): Report | undefined {
  try {
    return (JSON.parse(sessionStorage.getItem(KEY) ?? "null") as Report | null) ?? undefined;
  } catch {
    return undefined; // storage is off, or holds what this release does not know
  }
}

async function readNow(signal: AbortSignal): Promise<Report> {
  const health = await readHealth(signal);
  if (health.status === "failing") return { health, workers: [], counts: {}, at: client.now() };
  const [workers, counts] = await Promise.all([
    client.rest.GET("/api/v1/workers", { signal }),
    client.rest.GET("/api/v1/counts", { signal }),
  ]);
  return { health, workers: ofJobTypes(workers.data.workers), counts: counts.data, at: client.now() };
}

/** A report that something fails comes with status 503, and is an answer all the same. */
async function readHealth(signal: AbortSignal): Promise<Health> {
  try {
    return (await client.rest.GET("/api/v1/health", { signal })).data;
  } catch (error) {
    if (error instanceof Refused && Array.isArray(error.problem.checks)) return error.problem as unknown as Health;
    throw error;
  }
}

/** As text, to paste where somebody is asked for help. */
export function asText({ health, workers, counts, at }: Report): string {
  return [
    `${texts.release(health.release)}, ${iso(at)}: ${health.status}`,
    ...health.checks.map((check) =>
      texts.line.check(check.status.toUpperCase(), check.name, check.found, check.remedy),
    ),
    `${texts.workers}: ${workers.length}`,
    ...workers.map((one) => texts.line.worker(one.id, one.slots, one.types.join(" "), one.seen_at, skewOf(one))),
    `${texts.queue}: ${Object.entries(counts)
      .map(([state, n]) => `${state} ${n}`)
      .join(", ")}`,
  ].join("\n");
}

/** Seconds to a tenth; null where it is not known. */
export function skewOf({ clock_skew_s }: Pick<Worker, "clock_skew_s">): number | null {
  return clock_skew_s === null ? null : Math.round(clock_skew_s * 10) / 10 || 0;
}
