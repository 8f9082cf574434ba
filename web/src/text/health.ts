/** Texts of the health page. */

export const health = {
  summary: { ok: "Everything is well.", warning: "Something needs looking at.", failing: "Something does not work." },
  release: (release: string) => `Headway ${release}`,
  checks: "Checks",
  names: {
    database: "Database",
    workers: "Workers",
    queue: "Queue",
    streams: "Live streams",
    clocks: "Clocks",
  } as Record<string, string>,
  remedy: "What to do:",
  browser: "This browser",
  connection: {
    idle: "follows nothing now",
    connecting: "is connecting",
    live: "hears live updates",
    stale: "has heard nothing for a while",
    offline: "has lost live updates and tries again",
    denied: "is refused live updates",
  } as Record<string, string>,
  since: "since",
  workers: "Workers",
  columns: { worker: "Worker", slots: "Slots", types: "Types", seen: "Heartbeat", skew: "Clock", started: "Started" },
  stopped: "stopped",
  skew: (seconds: string) => `${seconds} off`,
  skewOk: "right",
  skewUnknown: "not known",
  noWorkers: "No worker has been seen within the last half minute",
  noWorkersText: "Jobs wait until one comes. It appears here within ten seconds.",
  snippet: "headway worker --import jobs.py",
  queue: "Queue",
  theCommand: "the command",
  copy: "Copy report",
  copied: "The report is copied.",
  reload: "The server was updated to another release. Reload to get its pages.",
  reloadNow: "Reload",
  failed: "The report",
  line: {
    check: (status: string, name: string, found: string, remedy: string | null) =>
      `${status.padEnd(8)}${name}: ${found}${remedy === null ? "" : ` – ${remedy}`}`,
    worker: (id: string, slots: number, types: string, seen: string, skew: number | null) =>
      `${id}: ${slots} slots, types ${types}, seen ${seen}, clock ${skew === null ? "not known" : `${skew} s off`}`,
  },
} as const;
