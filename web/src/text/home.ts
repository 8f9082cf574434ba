/** Texts of the first page. */

import { isolated } from "./bidi";
import { exact, plural } from "./words";

export const home = {
  active: "Active",
  activeList: "Active jobs",
  waiting: (n: number) => `${plural(n, "job")} waiting for a worker`,
  moreRunning: (n: number) => `${exact(n)} more are running`,
  nothingRunning: "Nothing is running",
  lastJob: "Last",
  attempt: (n: number) => `try ${n}`,
  lastProgress: "last progress",
  noProgress: "no progress yet",
  stalledFirst: (n: number) => `${exact(n)} stalled, show first`,
  stalledFor: "no progress for",
  throughput: (now: string) => `Throughput while you watch, now ${now}`,
  open: (name: string, n: number) => `Open ${name} (${n})`,
  failures: (span: string) => `Failed in ${span}`,
  spans: { "1h": "1 hour", "24h": "24 hours", "7d": "7 days" } as Record<string, string>,
  spanLabel: "How far back",
  noFailures: (span: string) => `Nothing has failed in the last ${span}.`,
  last: "last",
  times: (n: number) => `${exact(n)}×`,
  retryGroup: (n: number) => `Retry ${n}`,
  retrySome: (n: number) => `Retry newest ${n}`,
  retryTitle: (n: number, type: string) => `Retry ${plural(n, "failed job")} of ${type}?`,
  retryBody:
    "Finished steps and items are kept; the rest is tried again. It runs as a job of its own, with a reason for each job that is skipped.",
  retryNewest: (n: number, of: number) => `These are the newest ${n} of ${of}.`,
  retryName: (n: number, type: string) => `Retry ${plural(n, "job")} of ${type}`,
  showJobs: "Show the jobs",
  moreFailures: "Older failures are not counted here.",
  health: "Workers and queue",
  workers: (n: number, slots: number) => (n === 0 ? "No worker" : `${plural(n, "worker")}, ${plural(slots, "slot")}`),
  busy: (n: number, slots: number) => `${exact(n)} of ${plural(slots, "slot")} busy`,
  queue: (n: number) => (n === 0 ? "Nothing waits in the queue" : `${plural(n, "job")} in the queue`),
  lastSeen: "seen",
  allWell: "Everything is well",
  wasWell: "Everything was well when the server was last heard",
  healthPage: "Health",
  startTitle: "No jobs yet",
  start: "Start one, and its card appears here while you watch.",
  kinds: "How to start a job",
  cli: "Command line",
  python: "Python",
  http: "HTTP",
  theCommand: "the command",
  theCode: "the code",
  snippets: {
    cli: "headway run --name hello -- sleep 30",
    /** url: as the server tells it. */
    python: (url: string | null) =>
      `import time\nimport headway\n\nwith headway.Headway(${url ? JSON.stringify(url) : ""}).tracked("hello") as ctx:\n    for second in ctx.track(range(30)):\n        time.sleep(1)`,
    http: (server: string, token: boolean) =>
      `curl ${token ? '-H "Authorization: Bearer $HEADWAY_TOKEN" ' : ""}--json '{"type": "hello", "name": "hello", "start": true}' ${server}/api/v1/jobs`,
  },
  owner: {
    label: "Whose jobs",
    everybody: "Everybody",
    me: "This browser",
    none: (owner: string | null) => (owner === null ? "No job of this browser" : `No job of ${isolated(owner)}`),
    showEverybody: "Show everybody's",
  },
  theSession: "The session of this browser",
  keys: { card: "Open an active job by its number", recovery: "Open Recovery" },
} as const;
