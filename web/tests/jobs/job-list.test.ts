/** The rows of the list: read page by page, patched by the live window, never moved while somebody reads. */

import type { Connection, Job, JobsView } from "@headway/client";
import { describe, expect, it, vi } from "vitest";
import { JobList, type Page, type Source, WINDOW } from "../../src/pages/jobs/job-list";
import { aJob } from "./a-job";

const PATIENCE = { timeout: 30_000 };
const LIVE: Connection = { state: "live", since: 0, lostAt: null, nextTryAt: null, tries: 0, problem: null };

/** A server with these jobs, newest first, two on a page, whose live window is told by hand. */
class Told implements Source {
  jobs: Job[];
  at = Date.UTC(2026, 10, 22, 10);
  private view: JobsView = { jobs: [], known: false, connection: LIVE, asOf: null, error: null };
  private listeners = new Set<() => void>();
  readonly one = vi.fn(async (id: string) => this.find(id));

  constructor(numbers: number[]) {
    this.jobs = numbers.map((number) => aJob(number));
  }

  async page({ after }: { after: string | null }): Promise<Page> {
    const from = after === null ? 0 : Number(after);
    const next = from + 2 < this.jobs.length ? String(from + 2) : null;
    return { jobs: this.jobs.slice(from, from + 2), next };
  }

  live() {
    const subscribe = (listener: () => void) => {
      this.listeners.add(listener);
      return () => this.listeners.delete(listener);
    };
    return { getSnapshot: () => this.view, subscribe, close: () => {} };
  }

  now = () => this.at;

  /** The live window is this now. */
  tell(...jobs: Job[]): void {
    this.view = { jobs, known: true, connection: LIVE, asOf: this.at, error: null };
    for (const listener of this.listeners) listener();
  }

  private find(id: string): Job {
    const found = this.jobs.find((job) => job.id === id);
    if (found === undefined) throw new Error(`no ${id}`);
    return found;
  }
}

async function listOf(server: Told, sort: "-created" | "-ended" = "-created") {
  const list = new JobList(server, "", sort, null);
  list.open();
  await vi.waitFor(() => expect(list.getSnapshot().state).toBe("ready"), PATIENCE);
  return list;
}

describe("pages", () => {
  it("are read one after the other, and no job stands twice", async () => {
    const server = new Told([5, 4, 3]);
    const list = await listOf(server);
    server.jobs = [aJob(6), ...server.jobs];
    await list.readMore();
    expect(list.getSnapshot().ids).toEqual(["job-5", "job-4", "job-3"]);
    expect(list.getSnapshot().more).toBe(false);
    expect([list.cursorAt(1), list.cursorAt(2)]).toEqual([null, "2"]);
    expect([list.pageFrom(0, 1), list.pageFrom(2, -1)]).toEqual([2, 0]);
  });

  it("that can not be read leave what is shown as it is", async () => {
    const server = new Told([5, 4, 3]);
    const list = await listOf(server);
    server.page = () => Promise.reject(new Error("away"));
    await list.readMore();
    expect(list.getSnapshot()).toMatchObject({ state: "ready", ids: ["job-5", "job-4"] });
    expect(list.getSnapshot().error?.message).toBe("away");
  });
});

describe("live", () => {
  it("patches rows in place; the newest version of a job holds, and others stay the same object", async () => {
    const server = new Told([5, 4]);
    const list = await listOf(server);
    const [five, four] = [list.job("job-5"), list.job("job-4")];
    server.tell(aJob(5, { version: 3, state: "completed" }), aJob(4, { version: 1 }));
    expect(list.job("job-5")?.state).toBe("completed");
    expect(list.job("job-5")).not.toBe(five);
    expect(list.job("job-4")).toBe(four);
    server.tell(aJob(5, { version: 2, state: "running" }), aJob(4));
    expect(list.job("job-5")?.state).toBe("completed");
  });

  it("keeps new jobs behind a count until they are taken; then the newest is first and nothing else has moved", async () => {
    const server = new Told([5, 4]);
    const list = await listOf(server);
    server.tell(aJob(7), aJob(6), aJob(5), aJob(4));
    expect(list.getSnapshot()).toMatchObject({ newer: 2, ids: ["job-5", "job-4"] });
    await list.take();
    expect(list.getSnapshot()).toMatchObject({ newer: 0, ids: ["job-7", "job-6", "job-5", "job-4"] });
  });

  it("does not count older jobs whose page is not read yet", async () => {
    const server = new Told([5, 4, 3, 2]);
    const list = await listOf(server);
    server.tell(aJob(5), aJob(4), aJob(3), aJob(2));
    expect(list.getSnapshot().newer).toBe(0);
  });

  it("fills an empty list at once", async () => {
    const server = new Told([]);
    const list = await listOf(server);
    server.tell(aJob(1));
    expect(list.getSnapshot()).toMatchObject({ newer: 0, ids: ["job-1"] });
  });

  it("in another order reads anew for what has changed since", async () => {
    const server = new Told([5, 4]);
    const list = await listOf(server, "-ended");
    const since = new Date(server.at + 1_000).toISOString();
    server.tell(aJob(9, { state_since: since }), aJob(5), aJob(4));
    expect(list.getSnapshot().newer).toBe(1);
    server.jobs = [aJob(9), ...server.jobs];
    await list.take();
    expect(list.getSnapshot().ids).toEqual(["job-9", "job-5"]);
  });
});

describe("jobs that fit no more", () => {
  it("keep their place, are marked, and are read again when they are looked at", async () => {
    const server = new Told([5, 4]);
    const list = await listOf(server);
    server.tell(aJob(5), aJob(4));
    server.jobs = [aJob(5, { version: 2, state: "completed", ended_at: "2026-11-22T10:00:00Z" }), aJob(4)];
    server.tell(aJob(4));
    expect([...list.getSnapshot().left]).toEqual(["job-5"]);
    expect(list.getSnapshot().ids).toEqual(["job-5", "job-4"]);
    list.look(["job-5", "job-4"]);
    await vi.waitFor(() => expect(list.job("job-5")?.state).toBe("completed"), PATIENCE);
    list.look(["job-5", "job-4"]);
    expect(server.one).toHaveBeenCalledTimes(1);
  });

  it("go when they are taken out, and the pages behind them keep their rows", async () => {
    const server = new Told([5, 4, 3]);
    const list = await listOf(server);
    await list.readMore();
    server.tell(aJob(5), aJob(4), aJob(3));
    server.tell(aJob(5), aJob(3));
    list.tidy();
    expect(list.getSnapshot()).toMatchObject({ ids: ["job-5", "job-3"], left: new Set() });
    expect([list.cursorAt(0), list.cursorAt(1)]).toEqual([null, "2"]);
  });

  it("are not those that only became too old for the live window", async () => {
    const server = new Told([5, 4]);
    const list = await listOf(server);
    server.tell(aJob(5), aJob(4));
    server.tell(...Array.from({ length: WINDOW }, (_, n) => aJob(WINDOW + 5 - n)));
    expect(list.getSnapshot().left.size).toBe(0);
    expect(list.getSnapshot().newer).toBe(WINDOW);
  });
});
