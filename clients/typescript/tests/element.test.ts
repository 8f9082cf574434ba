/** <job-progress> on a page, with a real server. */

import { createServer } from "node:http";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { JobProgress } from "../src/element/index.js";
import type { Job } from "../src/index.js";
import { openPage } from "./dom.js";
import { Network } from "./network.js";
import { Server } from "./server.js";
import { eventually } from "./until.js";

const server = new Server();

beforeAll(async () => {
  await server.start();
  openPage(`${server.address}/`);
  await import("../src/element/index.js");
});
afterEach(() => {
  document.body.replaceChildren();
  localStorage.clear();
});
afterAll(() => server.remove());

function place(attributes: Record<string, string>): JobProgress {
  const element = document.createElement("job-progress");
  for (const [name, value] of Object.entries({ src: server.address, ...attributes })) element.setAttribute(name, value);
  document.body.append(element);
  return element;
}

function part(element: JobProgress, name: string): HTMLElement {
  const found = element.shadowRoot?.querySelector<HTMLElement>(`[part~="${name}"]`);
  if (found == null) throw new Error(`no part ${name}`);
  return found;
}

const bar = (element: JobProgress) => part(element, "track");
const text = (element: JobProgress, name: string) => part(element, name).textContent?.replaceAll("\u202f", " ");

it("is a progressbar with name, min, max, now and value text (point 2)", async () => {
  const job = await server.job({ name: "Copy rows" });
  await server.tell(job, { progress: { done: 5500, total: 10000, unit: "rows" } });
  const element = place({ "job-id": job.id });
  await eventually(() => bar(element).getAttribute("aria-valuenow") === "5500");
  expect(bar(element).getAttribute("role")).toBe("progressbar");
  expect(bar(element).getAttribute("aria-valuemin")).toBe("0");
  expect(bar(element).getAttribute("aria-valuemax")).toBe("10000");
  expect(bar(element).getAttribute("aria-valuetext")?.replaceAll("\u202f", " ")).toContain("5 500 of 10 000 rows");
  const label = element.shadowRoot?.getElementById(bar(element).getAttribute("aria-labelledby") ?? "");
  expect(label?.textContent).toBe("Copy rows");
  expect(part(element, "bar").style.inlineSize).toBe("55%");
});

it("has no value where the total is not known (point 2)", async () => {
  const job = await server.job();
  await server.tell(job, { progress: { done: 7 } });
  const element = place({ "job-id": job.id });
  await eventually(() => text(element, "counted") === "7");
  expect(bar(element).hasAttribute("aria-valuenow")).toBe(false);
  expect(bar(element).getAttribute("aria-valuetext")).toContain("7");
});

it("speaks in a region of its own, which is polite (point 3)", async () => {
  const job = await server.job({ name: "Copy" });
  await server.tell(job, { progress: { done: 1, total: 10 } });
  const element = place({ "job-id": job.id });
  await eventually(() => bar(element).getAttribute("aria-valuenow") === "1");
  expect(text(element, "spoken")).toBe("");
  await server.tell(job, { progress: { done: 5, total: 10 } });
  await eventually(() => text(element, "spoken") === "Copy: 50 percent");
  expect(part(element, "spoken").getAttribute("aria-live")).toBe("polite");
  expect(bar(element).contains(part(element, "spoken"))).toBe(false);
});

it("tells the page of every change, and once of the end", async () => {
  const job = await server.job();
  const element = place({ "job-id": job.id });
  const changes: string[] = [];
  const ends: Job[] = [];
  document.addEventListener("job-change", (event) =>
    changes.push((event as CustomEvent<{ job: Job }>).detail.job.state),
  );
  element.addEventListener("job-done", (event) => ends.push((event as CustomEvent<{ job: Job }>).detail.job));
  await eventually(() => changes.includes("running"));
  await server.tell(job, { end: "completed", result: 42 });
  await eventually(() => ends.length > 0);
  expect(ends.map((end) => end.result)).toEqual([42]);
  expect(text(element, "status")).toBe("Completed");
});

it("pauses and resumes, and cancels only where the page asks for it, after a question", async () => {
  const job = await server.job();
  const element = place({ "job-id": job.id });
  await eventually(() => !part(element, "button-pause").hidden);
  expect(part(element, "button-cancel").hidden).toBe(true);
  element.setAttribute("controls", "pause cancel");
  expect(part(element, "button-cancel").hidden).toBe(false);
  part(element, "button-cancel").click();
  expect(element.shadowRoot?.activeElement).toBe(part(element, "button-keep"));
  part(element, "button-keep").click();
  part(element, "button-pause").click();
  expect(text(element, "button-pause")).toBe("Pausing…");
  await eventually(() => text(element, "status") === "Pausing…");
  part(element, "button-cancel").click();
  part(element, "button-confirm").click();
  await eventually(async () => ((await server.get(`/jobs/${job.id}`)) as Job).state === "cancelling");
});

it("shows what the page puts in place of an empty one, and its texts", async () => {
  const element = place({ texts: '{"empty": "Noch nichts", "pause": "Anhalten"}' });
  expect(part(element, "box").hidden).toBe(true);
  expect(text(element, "empty")).toBe("Noch nichts");
  expect(element.shadowRoot?.querySelector('slot[name="empty"]')).not.toBeNull();
  const job = await server.job();
  element.jobId = job.id;
  await eventually(() => text(element, "button-pause") === "Anhalten");
});

it("finds its job again after a reload, shows once how it ended, and keeps no key (point 40)", async () => {
  const job = await server.job();
  const first = place({ "job-id": job.id, "storage-key": "import" });
  await eventually(() => text(first, "status") === "Running");
  await eventually(() => localStorage.length === 1);
  first.remove();
  await server.tell(job, { end: "completed" });
  const second = place({ "storage-key": "import" });
  await eventually(() => text(second, "status") === "Completed");
  expect(localStorage.length).toBe(0);
  second.remove();
  const third = place({ "storage-key": "import" });
  expect(part(third, "box").hidden).toBe(true);
});

it("says that a job is not there, and not what somebody at a terminal would do", async () => {
  const element = place({ "job-id": "nobody-knows" });
  await eventually(() => text(element, "error") === "This job is not there.");
});

it("leaves the job alone when it leaves the page", async () => {
  const job = await server.job();
  const element = place({ "job-id": job.id });
  await eventually(() => text(element, "status") === "Running");
  element.remove();
  expect(await server.get(`/jobs/${job.id}`)).toMatchObject({ state: "running" });
});

it("shows since when it is offline, and freezes", async () => {
  const network = new Network(server.address);
  try {
    const job = await server.job();
    const element = place({ "job-id": job.id, src: await network.start() });
    await eventually(() => text(element, "status") === "Running");
    expect(part(element, "offline").hidden).toBe(true);
    network.refuse();
    await eventually(() => !part(element, "offline").hidden);
    expect(text(element, "offline")).toMatch(/^Live updates lost .* trying again\. As of /);
    expect(part(element, "button-pause").getAttribute("aria-disabled")).toBe("true");
    network.restore();
    await eventually(() => part(element, "offline").hidden === true);
  } finally {
    await network.stop();
  }
});

it("is live again soon after the page is seen again, over a connection that had died unseen (point 12)", async () => {
  const network = new Network(server.address);
  try {
    const job = await server.job();
    const element = place({ "job-id": job.id, src: await network.start() });
    await eventually(() => text(element, "status") === "Running");
    network.lose();
    await server.tell(job, { progress: { done: 3, total: 4 } });
    document.dispatchEvent(new Event("visibilitychange"));
    await eventually(() => text(element, "counted") === "3 of 4");
    await server.tell(job, { progress: { done: 4, total: 4 } });
    await eventually(() => text(element, "counted") === "4 of 4");
  } finally {
    await network.stop();
  }
});

it("asks the page's own back end for a token, again before each connection (point 12)", async () => {
  const token = "a-token-of-thirty-two-characters!";
  const secured = new Server();
  await secured.start("--token-file", secured.file("token", token));
  let given = 0;
  const backEnd = createServer((_, answer) => {
    given += 1;
    answer.end(JSON.stringify({ token }));
  });
  await new Promise<void>((done) => backEnd.listen(0, "127.0.0.1", done));
  const at = backEnd.address();
  const network = new Network(secured.address);
  try {
    const headers = { Authorization: `Bearer ${token}` };
    const job = (await secured.post("/jobs", { type: "test", start: true, worker: "test" }, headers)) as Job;
    const url = `http://127.0.0.1:${typeof at === "object" ? at?.port : 0}/`;
    const element = place({ "job-id": job.id, src: await network.start(), "token-url": url });
    await eventually(() => text(element, "status") === "Running");
    expect(given).toBe(1);
    network.refuse();
    await eventually(() => part(element, "offline").hidden === false);
    network.restore();
    await eventually(() => part(element, "offline").hidden === true);
    expect(given).toBeGreaterThan(1);
  } finally {
    backEnd.close();
    await network.stop();
    await secured.remove();
  }
});
