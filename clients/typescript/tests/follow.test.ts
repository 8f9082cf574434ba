/** Following one job and many, against a real server. */

import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type Client, type ConnectionState, createClient, type Job, type Refused } from "../src/index.js";
import { Network } from "./network.js";
import { Server } from "./server.js";
import { eventually, until } from "./until.js";

const server = new Server();
const proxies: Network[] = [];
const clients: Client[] = [];

beforeAll(() => server.start());
afterEach(async () => {
  vi.unstubAllGlobals();
  for (const client of clients.splice(0)) client.close();
  for (const proxy of proxies.splice(0)) await proxy.stop();
});
afterAll(() => server.remove());

function connect(options: Parameters<typeof createClient>[0] = {}): Client {
  const client = createClient({ baseUrl: server.address, shared: false, ...options });
  clients.push(client);
  return client;
}

async function network(): Promise<[Network, string]> {
  const proxy = new Network(server.address);
  proxies.push(proxy);
  return [proxy, await proxy.start()];
}

const lines = (from: number, upto: number) =>
  Array.from({ length: upto - from + 1 }, (_, index) => ({ text: `line ${from + index}` }));

/** Holds back the answers to reads of a path, as a slow network does. */
function held(path: string): { waiting: number; release: () => void } {
  const real = globalThis.fetch;
  let release = () => {};
  const released = new Promise<void>((done) => {
    release = done;
  });
  const reads = { waiting: 0, release: () => release() };
  vi.stubGlobal("fetch", async (asked: RequestInfo, more?: RequestInit) => {
    const answer = await real(asked, more);
    if (asked instanceof Request && asked.url.endsWith(path)) {
      reads.waiting += 1;
      await released;
    }
    return answer;
  });
  return reads;
}

describe("one job", () => {
  it("shows its snapshot, its progress, its events and its end", async () => {
    const job = await server.job();
    const store = connect().followJob(job.id);
    await until(store, ({ job: seen }) => seen?.state === "running");
    await server.tell(job, { progress: { done: 3, total: 10 }, log: "three" });
    const view = await until(store, ({ job: seen, events }) => seen?.progress?.done === 3 && events.length > 0);
    expect(view.events.at(-1)?.data).toMatchObject({ text: "three" });
    await server.tell(job, { end: "completed", result: { parts: 3 } });
    const end = await until(store, ({ job: seen }) => seen?.state === "completed");
    expect(end.job?.result).toEqual({ parts: 3 });
  });

  it("shows its whole history after 0, each event once and without a gap", async () => {
    const job = await server.job();
    await server.tell(job, { log: lines(1, 50) });
    const store = connect().followJob(job.id, { after: 0 });
    const { events } = await until(store, (view) => view.events.at(-1)?.data.text === "line 50");
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
  });

  it("keeps the newest 1,000 events", async () => {
    const job = await server.job();
    for (let part = 0; part < 6; part += 1) await server.tell(job, { log: lines(part * 200, part * 200 + 199) });
    const store = connect().followJob(job.id, { after: 0 });
    const { events } = await until(store, (view) => view.events.at(-1)?.data.text === "line 1199");
    expect(events).toHaveLength(1000);
  });

  it("gives one who comes later the earlier events too", async () => {
    const job = await server.job();
    await server.tell(job, { log: lines(1, 5) });
    const client = connect();
    const late = client.followJob(job.id);
    await until(late, (view) => view.job !== null);
    const whole = client.followJob(job.id, { after: 0 });
    const { events } = await until(whole, (view) => view.events.at(-1)?.data.text === "line 5");
    expect(events[0]?.seq).toBe(1);
  });

  it("shows what may be done with it after each move", async () => {
    const job = await server.job();
    const store = connect().followJob(job.id);
    await until(store, (view) => view.job?.moves.includes("pause") ?? false);
    const asked = store.pause("the target is full");
    expect(store.getSnapshot().asked?.verb).toBe("pause");
    expect((await asked).state).toBe("pausing");
    const view = await until(store, (seen) => seen.job?.state === "pausing");
    expect(view.asked).toBeNull();
    await server.tell(job, { end: "halted" });
    await until(store, (seen) => seen.job?.state === "paused" && seen.job.moves.includes("resume"));
  });

  it("shows what the server answers after a pause and a resume of a job that tells its progress all the time", async () => {
    const job = await server.job();
    const store = connect().followJob(job.id);
    let busy = true;
    const work = (async () => {
      for (let done = 1; busy; done += 1) await server.tell(job, { progress: { done, total: 5000 } });
    })();
    await until(store, (view) => (view.job?.progress?.done ?? 0) > 3);
    await store.pause();
    busy = false;
    await work;
    await server.tell(job, { end: "halted" });
    await store.resume();
    await until(store, (view) => view.job?.moves.includes("pause") ?? false);
    const reads = held(`/jobs/${job.id}`);
    await server.post("/claim", { job: job.id, worker: "test" });
    await eventually(() => reads.waiting > 0, "a read of the job");
    await server.tell(job, { progress: { done: 4000, total: 5000 } }, 2);
    await until(store, (view) => view.job?.progress?.done === 4000);
    reads.release();
    const parts = ({ attempt: number, moves, marks, state }: Job) => ({ number, moves, marks, state });
    const now = parts((await server.get(`/jobs/${job.id}`)) as Job);
    expect(now).toMatchObject({ number: 2, state: "running", marks: {} });
    await until(store, (view) => view.job !== null && JSON.stringify(parts(view.job)) === JSON.stringify(now));
  });

  it("tells why a verb was refused, and forgets that it was asked", async () => {
    const job = await server.job();
    const store = connect().followJob(job.id);
    await until(store, (view) => view.job !== null);
    const refused = (await store.retry().catch((error: unknown) => error)) as Refused;
    expect(refused.code).toBe("illegal_move");
    expect(refused.problem.possible).toContain("pause");
    expect(store.getSnapshot().asked).toBeNull();
  });

  it("follows a job again that goes on after its end", async () => {
    const job = await server.job();
    const store = connect().followJob(job.id);
    await server.tell(job, { end: "failed", error: "no" });
    await until(store, (view) => view.job?.state === "failed");
    await store.retry();
    await until(store, (view) => view.job?.state === "pending");
    await server.post("/claim", { job: job.id, worker: "test" });
    await until(store, (view) => view.job?.state === "running" && view.job.attempt === 2);
  });

  it("says that a job is not there, and refuses what was deleted", async () => {
    const client = connect();
    const none = await until(client.followJob("nobody-knows"), (view) => view.error !== null);
    expect((none.error as Refused).code).toBe("not_found");
    const job = await server.job();
    await server.tell(job, { end: "completed" });
    const store = client.followJob(job.id);
    await until(store, (view) => view.job?.ended_at != null);
    await client.act("delete", job.id);
    expect(await client.act("pin", job.id).catch((error: unknown) => error)).toMatchObject({ name: "Refused" });
  });

  it("disconnects on close and leaves the job alone", async () => {
    const job = await server.job();
    const client = connect();
    const store = client.followJob(job.id);
    await until(store, (view) => view.job !== null);
    store.close();
    client.close();
    await until(client.connection, ({ state }) => state === "idle");
    expect(await server.get(`/jobs/${job.id}`)).toMatchObject({ state: "running" });
  });
});

describe("a network that is lost", () => {
  it("loses and doubles no event (point 11, S1.20)", async () => {
    const [proxy, address] = await network();
    const job = await server.job();
    const store = connect({ baseUrl: address }).followJob(job.id, { after: 0 });
    await until(store, (view) => view.job !== null);
    for (let part = 0; part < 8; part += 1) {
      await server.tell(job, { log: lines(part * 10, part * 10 + 9) });
      proxy.cut();
    }
    const view = await until(store, ({ events }) => events.at(-1)?.data.text === "line 79", "the last line");
    expect(view.events.map((event) => event.seq)).toEqual(view.events.map((_, index) => index + 1));
    const texts = view.events.filter((event) => event.kind === "log").map((event) => event.data.text);
    expect(texts).toEqual(lines(0, 79).map((line) => line.text));
  });

  it("shows since when it is lost, and is live again by itself (S1.21)", async () => {
    const [proxy, address] = await network();
    const job = await server.job();
    const states: ConnectionState[] = [];
    let back = 0;
    const client = connect({
      baseUrl: address,
      callbacks: { onConnectionStateChange: (state) => states.push(state), onReconnectionSuccess: () => (back += 1) },
    });
    const store = client.followJob(job.id);
    await until(client.connection, ({ state }) => state === "live");
    proxy.refuse();
    const lost = await until(client.connection, ({ state, nextTryAt }) => state === "offline" && nextTryAt !== null);
    expect(lost.lostAt).not.toBeNull();
    const view = await until(store, ({ connection }) => connection.state === "offline");
    expect(view.asOf).toBe(lost.lostAt);
    proxy.restore();
    client.retryNow();
    const live = await until(client.connection, ({ state }) => state === "live");
    expect(live.lostAt).toBeNull();
    await eventually(() => back === 1);
    expect(states).toContain("offline");
  });

  it("comes back when the server was killed and started again (S0.36)", async () => {
    const own = await new Server().start();
    try {
      const job = await own.job();
      const store = connect({ baseUrl: own.address }).followJob(job.id, { after: 0 });
      await until(store, (view) => view.connection.state === "live" && view.job !== null);
      await own.kill();
      await until(store, (view) => view.connection.state === "offline");
      await own.start();
      await own.tell(job, { log: "after the restart" });
      const view = await until(store, ({ events }) => events.at(-1)?.data.text === "after the restart");
      expect(view.events.map((event) => event.seq)).toEqual(view.events.map((_, index) => index + 1));
    } finally {
      await own.remove();
    }
  });
});

describe("many jobs", () => {
  it("are newest first, patched in place, and keep their identity", async () => {
    const labels = { test: "many" };
    const [one, other] = [await server.job({ labels }), await server.job({ labels })];
    const store = connect().followJobs({ label: ["test:many"] });
    const before = await until(store, ({ jobs }) => jobs.length === 2);
    expect(before.jobs.map((job) => job.id)).toEqual([other.id, one.id]);
    await server.tell(one, { progress: { done: 5 } });
    const after = await until(store, ({ jobs }) => jobs[1]?.progress?.done === 5);
    expect(after.jobs[0]).toBe(before.jobs[0]);
    const third = await server.job({ labels });
    await until(store, ({ jobs }) => jobs[0]?.id === third.id);
  });

  it("leave when they no longer fit", async () => {
    const job = await server.job({ labels: { test: "leaving" } });
    const store = connect().followJobs({ label: ["test:leaving"], active: true });
    await until(store, ({ jobs }) => jobs.length === 1);
    await server.tell(job, { end: "completed" });
    await until(store, ({ jobs, known }) => known && jobs.length === 0);
  });

  it("can be more than one connection takes", async () => {
    const client = connect();
    const jobs = await Promise.all(Array.from({ length: 25 }, () => server.job()));
    const stores = jobs.map((job) => client.followJob(job.id));
    for (const store of stores) await until(store, (view) => view.job !== null);
    await until(client.connection, ({ state }) => state === "live");
  });
});

describe("calls", () => {
  it("are typed by the server's document", async () => {
    const job = await server.job();
    const path = { any_id: String(job.number) };
    const { data, response } = await connect().rest.GET("/api/v1/jobs/{any_id}", { params: { path } });
    expect(data.id).toBe(job.id);
    expect(response.status).toBe(200);
  });

  it("reach the path of the document, put once behind the server's address (S2.38)", async () => {
    const client = connect({ baseUrl: `${server.address}/` });
    const { response } = await client.rest.GET("/api/v1/counts", {});
    expect([response.status, response.url]).toEqual([200, `${server.address}/api/v1/counts`]);
    const job = await client.submit({ type: "test" });
    expect((await client.act("pause", job.id))?.state).toBe("paused");
  });

  it("throw the server's refusal with its request id", async () => {
    const path = { any_id: "nobody-knows" };
    const refused = (await connect()
      .rest.GET("/api/v1/jobs/{any_id}", { params: { path } })
      .catch((error: unknown) => error)) as Refused;
    expect(refused).toMatchObject({ name: "Refused", code: "not_found", status: 404 });
    expect(refused.requestId).not.toBe("");
  });

  it("submit once, however often they are sent under one key", async () => {
    const client = connect();
    const [one, other] = [
      await client.submit({ type: "test" }, { key: "same-key" }),
      await client.submit({ type: "test" }, { key: "same-key" }),
    ];
    expect(other.id).toBe(one.id);
  });

  it("know the server's time", async () => {
    const client = connect();
    await until(client.followJobs(), ({ known }) => known);
    await eventually(() => Math.abs(client.now() - Date.now()) < 1000);
  });
});
