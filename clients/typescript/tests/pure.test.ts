/** What needs no server: times, pauses, pieces of streams, what is announced. */

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { pauseAfter } from "../src/backoff.js";
import { Cell } from "../src/cell.js";
import { announce, type Connection, IDLE } from "../src/connection.js";
import { Announcer } from "../src/element/announcer.js";
import { permitted } from "../src/element/controls.js";
import { subscribing } from "../src/frame.js";
import { JobReplica } from "../src/job-replica.js";
import { forget, recall, remember } from "../src/remembered.js";
import { SseReader } from "../src/sse.js";
import type { Job } from "../src/types.js";

beforeEach(() => vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function aJob(more: Partial<Job> = {}): Job {
  const job = {
    id: "j",
    type: "t",
    name: "Copy",
    state: "running",
    progress: null,
    ended_at: null,
    events: 0,
    version: 1,
  };
  return { ...job, ...more } as Job;
}

function at(percent: number, more: Partial<Job> = {}): Job {
  const progress = { percent, done: percent, total: 100, stalled_since: null } as unknown as NonNullable<
    Job["progress"]
  >;
  return aJob({ progress, ...more });
}

describe("pauses between tries", () => {
  it("double from a quarter of a second to 10 s (S1.20)", () => {
    const longest = [1, 2, 3, 4, 5, 6, 7, 20].map((tries) => pauseAfter(tries, () => 1));
    expect(longest).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  });

  it("are anything from nothing to that, so that not all come back at one moment", () => {
    expect(pauseAfter(4, () => 0)).toBe(0);
    expect(pauseAfter(4, () => 0.5)).toBe(1000);
  });
});

describe("callbacks", () => {
  it("tell of a failed reconnection once for each loss, and of success (S1.21)", async () => {
    const store = new Cell<Connection>(IDLE);
    const [failed, back] = [vi.fn(), vi.fn()];
    announce(store, { onReconnectionFailed: failed, onReconnectionSuccess: back });
    for (const tries of [1, 4, 5, 6, 7]) {
      store.set({ ...IDLE, state: "offline", lostAt: 5, tries });
      await vi.advanceTimersByTimeAsync(200);
    }
    expect(failed).toHaveBeenCalledTimes(1);
    store.set({ ...IDLE, state: "live" });
    await vi.advanceTimersByTimeAsync(200);
    expect(back).toHaveBeenCalledTimes(1);
  });
});

describe("server-sent events", () => {
  it("are whole however they are cut", () => {
    const text = ': hello\n\nid: a-1\nevent: event\ndata: {"a":\ndata: 1}\n\nevent: progress\r\ndata: 2\r\n\r\n';
    for (let cut = 0; cut < text.length; cut += 1) {
      const reader = new SseReader();
      const told = [...reader.take(text.slice(0, cut)), ...reader.take(text.slice(cut))];
      expect(told).toEqual([
        { name: "event", id: "a-1", data: '{"a":\n1}' },
        { name: "progress", id: undefined, data: "2" },
      ]);
    }
  });
});

describe("a job's history", () => {
  const event = (seq: number) => ({ name: "event", id: `e-${seq}`, data: { seq, kind: "log", data: {} } });

  it("takes an event once, and sees a gap", () => {
    const replica = new JobReplica(0);
    replica.take({ name: "snapshot", data: aJob() });
    expect([1, 1, 2, 4].map((seq) => replica.take(event(seq)))).toEqual(["news", "known", "news", "gap"]);
    expect(replica.cursor).toBe("e-2");
  });

  it("goes on from where a reset says", () => {
    const replica = new JobReplica("old-9");
    replica.take({ name: "snapshot", data: aJob({ events: 4 }) });
    replica.take({ name: "reset", id: "new-4", data: { job_id: "j", reason: "unknown", after: 4 } });
    expect(replica.take(event(5))).toBe("news");
    expect(replica.events).toHaveLength(1);
  });

  it("is not moved back by progress that is older than what is known", () => {
    const replica = new JobReplica();
    replica.take({ name: "snapshot", data: aJob({ version: 7 }) });
    expect(replica.take({ name: "progress", data: { version: 6, state: "pending", progress: null } })).toBe("known");
  });

  it("takes all but state and progress from the newest snapshot, and these from the newest version", () => {
    const replica = new JobReplica();
    const told = { version: 9, state: "running", progress: { percent: 60 } };
    replica.take({ name: "snapshot", data: aJob({ version: 3, events: 2, attempt: 1, moves: ["pause"] }) });
    replica.take({ name: "progress", data: told });
    const read = aJob({ version: 8, events: 6, state: "pending", attempt: 2, moves: ["pause", "cancel"] });
    expect(replica.take({ name: "refresh", data: read })).toBe("news");
    expect(replica.job).toEqual({ ...read, ...told });
    const late = new JobReplica();
    for (const frame of replica.told(null)) late.take(frame);
    expect(late.job).toEqual(replica.job);
    expect(replica.take({ name: "refresh", data: aJob({ version: 7, events: 5 }) })).toBe("known");
  });

  it("is stale from an event on until a snapshot shows it, whatever version progress has; a log line is none", () => {
    const replica = new JobReplica();
    replica.take({ name: "snapshot", data: aJob() });
    replica.take(event(1));
    expect(replica.stale).toBe(false);
    replica.take({ name: "event", id: "e-2", data: { seq: 2, kind: "move", data: {} } });
    replica.take({ name: "progress", data: { version: 9, state: "running", progress: null } });
    replica.take({ name: "refresh", data: aJob({ version: 4, events: 1 }) });
    expect(replica.stale).toBe(true);
    replica.take({ name: "refresh", data: aJob({ version: 5, events: 2 }) });
    expect(replica.stale).toBe(false);
  });

  it("ends with a job that is deleted", () => {
    const replica = new JobReplica();
    replica.take({ name: "snapshot", data: aJob() });
    replica.take({ name: "reset", data: { job_id: "j", reason: "deleted", after: 0 } });
    expect(replica.error?.code).toBe("deleted");
    expect(replica.over).toBe(true);
  });
});

describe("filters", () => {
  it("say on a socket what they say in an address", () => {
    const told = subscribing({ jobs: { label: ["customer:acme", "url:http://a"], state: ["running"] } }, null);
    expect(told).toEqual({ jobs: { labels: { customer: "acme", url: "http://a" }, state: ["running"] } });
  });
});

describe("what is announced (point 3)", () => {
  const said: string[] = [];
  const announcer = () => new Announcer((spoken) => said.push(JSON.stringify(spoken)));
  beforeEach(() => said.splice(0));

  it("is a quarter, a half, three quarters, a new state and a stall; not what there was at first", () => {
    const one = announcer();
    for (const percent of [30, 40, 50, 51]) one.look(at(percent));
    expect(said).toEqual(['{"kind":"reached","percent":50}']);
    vi.advanceTimersByTime(30_000);
    one.look(at(52, { state: "paused" }));
    expect(said.at(-1)).toBe('{"kind":"became","state":"paused"}');
    vi.advanceTimersByTime(30_000);
    const stalled = { ...at(52).progress, stalled_since: 9 } as NonNullable<Job["progress"]>;
    one.look(at(52, { state: "paused", progress: stalled }));
    expect(said.at(-1)).toBe('{"kind":"stands"}');
  });

  it("is the state that a job comes to, not the one that leads there, unless that lasts 10 s", () => {
    const one = announcer();
    for (const state of ["running", "pausing", "paused"]) one.look(at(40, { state }));
    expect(said).toEqual(['{"kind":"became","state":"paused"}']);
    vi.advanceTimersByTime(30_000);
    one.look(at(40, { state: "cancelling" }));
    vi.advanceTimersByTime(9_999);
    expect(said).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(said.at(-1)).toBe('{"kind":"became","state":"cancelling"}');
  });

  it("is said once in 30 s, the newest of what came meanwhile", () => {
    const one = announcer();
    for (const percent of [0, 25, 50, 75]) one.look(at(percent));
    expect(said).toHaveLength(1);
    one.look(at(80, { state: "completed" }));
    vi.advanceTimersByTime(29_999);
    expect(said).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(said).toEqual(['{"kind":"reached","percent":25}', '{"kind":"became","state":"completed"}']);
  });
});

describe("controls of an embedded job", () => {
  it("are pause and resume; cancel only where the page asks for it", () => {
    expect(permitted(null)).toEqual(["pause", "resume"]);
    expect(permitted("pause cancel")).toEqual(["pause", "resume", "cancel"]);
    expect(permitted("")).toEqual([]);
  });
});

describe("a remembered job", () => {
  const storage = new Map<string, string>();
  const kept = {
    getItem: (key: string) => storage.get(key) ?? null,
    setItem: (key: string, value: string) => storage.set(key, value),
    removeItem: (key: string) => storage.delete(key),
  };
  beforeEach(() => {
    storage.clear();
    vi.stubGlobal("localStorage", kept);
  });

  it("is known by id, kind, time and cursor, and nothing else is kept (point 40)", () => {
    remember("import", aJob(), "e-4");
    expect([...storage.values()].map((text) => Object.keys(JSON.parse(text)).sort())).toEqual([
      ["created", "cursor", "id", "kind"],
    ]);
    expect(recall("import")?.cursor).toBe("e-4");
    forget("import");
    expect(recall("import")).toBeNull();
  });

  it("is kept as long as the page where the browser keeps nothing: full, forbidden, or without storage", () => {
    const refuse = () => {
      throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
    };
    const full = { getItem: () => '{"id":"before","kind":"t","created":1000000}', setItem: refuse, removeItem: refuse };
    const forbidden = { getItem: refuse, setItem: refuse, removeItem: refuse };
    for (const blocked of [full, forbidden, undefined]) {
      vi.stubGlobal("localStorage", blocked);
      expect(remember("import", aJob(), "e-4").id).toBe("j");
      expect(recall("import")).toMatchObject({ id: "j", cursor: "e-4" });
      forget("import");
      expect(recall("import")).toBeNull();
    }
  });

  it("is kept by the browser again as soon as it can", () => {
    vi.stubGlobal("localStorage", undefined);
    remember("import", aJob(), "e-4");
    vi.unstubAllGlobals();
    vi.stubGlobal("localStorage", kept);
    remember("import", aJob(), "e-5");
    expect(storage.size).toBe(1);
    expect(recall("import")?.cursor).toBe("e-5");
  });

  it("is forgotten after seven days", () => {
    remember("import", aJob(), null);
    vi.advanceTimersByTime(7 * 24 * 3_600_000);
    expect(recall("import")?.id).toBe("j");
    vi.advanceTimersByTime(1);
    expect(recall("import")).toBeNull();
    expect(storage.size).toBe(0);
  });
});
