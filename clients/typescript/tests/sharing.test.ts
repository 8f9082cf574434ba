/** Several tabs of one browser. */

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Carried } from "../src/carrier.js";
import { ServerClock } from "../src/clock.js";
import { openStreams } from "../src/event-stream.js";
import { Http } from "../src/http.js";
import { type Client, createClient, type JobView, type Store } from "../src/index.js";
import { FollowedJob } from "../src/job-store.js";
import { Line } from "../src/line.js";
import { Lines } from "../src/lines.js";
import { type Live, Switchboard } from "../src/live.js";
import { aloneOver } from "../src/live-over.js";
import { SharedLive } from "../src/sharing.js";
import { Locks } from "./locks.js";
import { Network } from "./network.js";
import { Server } from "./server.js";
import { eventually, until } from "./until.js";

const server = new Server();
let network: Network;
let address: string;
let tabs: { close(): void }[] = [];
let channels: BroadcastChannel[] = [];

beforeAll(() => server.start());
afterAll(() => server.remove());

beforeEach(async () => {
  network = new Network(server.address);
  address = await network.start();
  class Kept extends BroadcastChannel {
    constructor(name: string) {
      super(name);
      channels.push(this);
    }
  }
  vi.stubGlobal("BroadcastChannel", Kept);
  vi.stubGlobal("navigator", { locks: new Locks() });
  vi.stubGlobal("location", { href: `${address}/` });
  vi.stubGlobal("isSecureContext", true);
});

afterEach(async () => {
  for (const tab of tabs) tab.close();
  tabs = [];
  channels = [];
  await network.stop();
  vi.unstubAllGlobals();
});

function tab(options: Parameters<typeof createClient>[0] = {}): Client {
  const client = createClient({ baseUrl: address, ...options });
  tabs.push(client);
  return client;
}

/** A tab that waits for the one that leads no longer than that. */
function impatient(patienceMs: number): Live {
  const lead = () => aloneOver(new Http({ baseUrl: address }), new ServerClock());
  const channel = (name: string) => new BroadcastChannel(name);
  const live = new SharedLive({ name: "tabs", locks: navigator.locks, channel, lead, patienceMs });
  tabs.push(live);
  return live;
}

/** A tab without a WebSocket, whose topics take turns of that length. */
function streaming(turnMs: number): Live {
  const http = new Http({ baseUrl: address });
  const ways = { socket: (carried: Carried) => openStreams(http, carried, turnMs), stream: null };
  const live = new Switchboard(new Lines(() => new Line(http, new ServerClock(), ways)), http);
  tabs.push(live);
  return live;
}

function shown(live: Live, id: string): Store<JobView> {
  const one = new FollowedJob(id, 0, live, new ServerClock(), () => Promise.reject(new Error("nothing is asked here")));
  one.begin();
  return one.view;
}

const sockets = () => network.asked.filter((line) => line.includes("/api/v1/ws")).length;
const seqs = (store: Store<JobView>) => store.getSnapshot().events.map((event) => event.seq);
const whole = (upto: number) => Array.from({ length: upto }, (_, index) => index + 1);

describe("tabs of one browser", () => {
  it("hold one connection, whatever each of them follows (point 13)", async () => {
    const jobs = [await server.job(), await server.job(), await server.job()];
    const stores = Array.from({ length: 8 }, (_, index) => tab().followJob(jobs[index % 3]?.id ?? ""));
    for (const store of stores) await until(store, (view) => view.job !== null && view.connection.state === "live");
    for (const job of jobs) await server.tell(job, { log: "to all" });
    for (const store of stores) await until(store, ({ events }) => events.at(-1)?.data.text === "to all");
    expect(sockets()).toBe(1);
  });

  it("show at once what another tab knows already", async () => {
    const job = await server.job();
    await until(tab().followJob(job.id, { after: 0 }), (view) => view.events.length === 2);
    await server.tell(job, { progress: { done: 7 }, log: "seven" });
    const late = tab().followJob(job.id, { after: 0 });
    await until(late, (view) => view.events.at(-1)?.data.text === "seven" && view.job?.progress?.done === 7);
    expect(seqs(late)).toEqual(whole(seqs(late).length));
  });

  it("show lists alike", async () => {
    const job = await server.job({ labels: { test: "tabs" } });
    const [one, other] = [tab(), tab()].map((client) => client.followJobs({ label: ["test:tabs"] }));
    for (const store of [one, other]) if (store) await until(store, ({ jobs }) => jobs[0]?.id === job.id);
    await server.tell(job, { end: "completed" });
    for (const store of [one, other]) if (store) await until(store, ({ jobs }) => jobs[0]?.state === "completed");
    expect(sockets()).toBe(1);
  });

  it("go on without loss when the tab that leads is closed", async () => {
    const job = await server.job();
    const leader = tab();
    await until(leader.followJob(job.id), (view) => view.connection.state === "live");
    const store = tab().followJob(job.id, { after: 0 });
    await until(store, (view) => view.events.length === 2);
    leader.close();
    await server.tell(job, { log: "while nobody leads" });
    await until(store, ({ events }) => events.at(-1)?.data.text === "while nobody leads");
    expect(seqs(store)).toEqual(whole(3));
    expect(sockets()).toBe(2);
  });

  it("replace a tab that leads and does not answer any more", async () => {
    const job = await server.job();
    await until(shown(impatient(4_000), job.id), (view) => view.connection.state === "live");
    for (const channel of channels) channel.onmessage = null; // frozen: it hears nothing, and holds the lock
    const store = shown(impatient(100), job.id);
    await until(store, (view) => view.connection.state === "live" && view.job !== null);
    await server.tell(job, { log: "by another" });
    await until(store, ({ events }) => events.at(-1)?.data.text === "by another");
  });

  it("do not replace one that has answered while they were frozen themselves", async () => {
    const job = await server.job();
    await until(shown(impatient(4_000), job.id), (view) => view.connection.state === "live");
    const store = shown(impatient(100), job.id);
    await Promise.resolve(); // it has asked
    for (const end = performance.now() + 1_500; performance.now() < end; );
    await until(store, (view) => view.connection.state === "live" && view.job !== null);
    expect(sockets()).toBe(1);
  });

  it("show a verb's answer in every tab", async () => {
    const job = await server.job();
    const [one, other] = [tab().followJob(job.id), tab().followJob(job.id)];
    for (const store of [one, other]) await until(store, (view) => view.job !== null);
    await other.pause();
    for (const store of [one, other]) await until(store, (view) => view.job?.state === "pausing");
  });

  it("do not share between callers, nor where that is not wanted", async () => {
    const job = await server.job();
    const clients = [tab({ token: () => "one" }), tab({ token: () => "two" }), tab({ shared: false })];
    for (const client of clients) await until(client.followJob(job.id), (view) => view.job !== null);
    await eventually(() => sockets() === 3);
  });
});

describe("where no WebSocket can be had", () => {
  it("the same comes as server-sent events, without loss", async () => {
    network.forbid(/\/api\/v1\/ws/);
    const job = await server.job();
    const client = tab({ shared: false });
    const store = client.followJob(job.id, { after: 0 });
    await until(store, (view) => view.connection.state === "live" && view.job !== null);
    await server.tell(job, { progress: { done: 1 }, log: "over a stream" });
    await until(store, (view) => view.events.at(-1)?.data.text === "over a stream" && view.job?.progress?.done === 1);
    network.cut();
    await server.tell(job, { log: "after a cut" });
    await until(store, ({ events }) => events.at(-1)?.data.text === "after a cut");
    expect(seqs(store)).toEqual(whole(4));
    await server.tell(job, { end: "completed" });
    await until(store, (view) => view.job?.state === "completed");
  });

  it("more jobs than a browser has connections for take turns, and calls go through", async () => {
    const live = streaming(100);
    const jobs = await Promise.all(Array.from({ length: 6 }, () => server.job()));
    for (const store of jobs.map((job) => shown(live, job.id))) await until(store, (view) => view.job !== null);
    await tab({ shared: false }).rest.GET("/api/v1/counts");
  });
});

describe("tokens", () => {
  const secured = new Server();
  beforeAll(() => secured.start("--token-file", secured.file("token", "a-token-of-thirty-two-characters!")));
  afterAll(() => secured.remove());

  it("are fetched anew before each connection, and go with calls, sockets and streams (point 12)", async () => {
    let given = 0;
    const token = () => {
      given += 1;
      return "a-token-of-thirty-two-characters!";
    };
    const client = tab({ baseUrl: secured.address, token, shared: false });
    await client.rest.GET("/api/v1/counts");
    const view = await until(client.followJobs(), ({ known }) => known);
    expect(view.error).toBeNull();
    expect(given).toBeGreaterThan(1);
  });

  it("that are refused show as denied, with the refusal (S1.21)", async () => {
    const failed = vi.fn();
    const callbacks = { onReconnectionFailed: failed };
    const client = tab({ baseUrl: secured.address, token: () => "another-token", shared: false, callbacks });
    client.followJobs();
    const denied = await until(client.connection, ({ state }) => state === "denied");
    expect(denied.problem?.code).toBe("unauthorized");
    await eventually(() => failed.mock.calls.length === 1);
  });
});
