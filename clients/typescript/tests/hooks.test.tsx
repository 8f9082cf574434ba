/** The hooks, in React and with a real server. */

import { type ReactNode, StrictMode } from "react";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type Client, createClient, type Job } from "../src/index.js";
import { openPage } from "./dom.js";
import { Server } from "./server.js";

const server = new Server();
let client: Client;
let testing: typeof import("@testing-library/react");
let hooks: typeof import("../src/react/index.js");

beforeAll(async () => {
  await server.start();
  openPage(`${server.address}/`);
  testing = await import("@testing-library/react");
  testing.configure({ asyncUtilTimeout: 30_000 });
  hooks = await import("../src/react/index.js");
  client = createClient({ baseUrl: server.address, shared: false });
});
afterEach(() => {
  testing.cleanup();
  localStorage.clear();
});
afterAll(async () => {
  client.close();
  await server.remove();
});

function inside({ children }: { children: ReactNode }): ReactNode {
  return (
    <StrictMode>
      <hooks.HeadwayProvider client={client}>{children}</hooks.HeadwayProvider>
    </StrictMode>
  );
}

function use<T>(hook: () => T): { current: T } {
  return testing.renderHook(hook, { wrapper: inside }).result;
}

const until = (so: () => void) => testing.waitFor(so);

describe("useJob", () => {
  it("shows a job, its progress, its steps and what may be done (S1.28)", async () => {
    const job = await server.job();
    const state = use(() => hooks.useJob(job.id));
    await until(() => expect(state.current.job?.state).toBe("running"));
    await server.tell(job, { progress: { done: 2, total: 4 }, steps: [{ name: "scan", state: "completed" }] });
    await until(() => expect(state.current.progress?.percent).toBe(50));
    await until(() => expect(state.current.steps.map((step) => step.name)).toEqual(["scan"]));
    await testing.act(async () => void (await state.current.actions.pause("for a test")));
    await until(() => expect(state.current.job?.state).toBe("pausing"));
    expect(state.current.connection.state).toBe("live");
  });

  it("draws only what is selected anew", async () => {
    const job = await server.job();
    let drawn = 0;
    const state = use(() => {
      drawn += 1;
      return hooks.useJob(job.id, { select: stateOf });
    });
    await until(() => expect(state.current).toBe("running"));
    const before = drawn;
    for (let part = 0; part < 5; part += 1) await server.tell(job, { log: `line ${part}` });
    await server.tell(job, { end: "completed" });
    await until(() => expect(state.current).toBe("completed"));
    expect(drawn - before).toBeLessThanOrEqual(2); // once, and once more in strict mode
  });

  it("has nothing without an id, and disconnects without a word to the job", async () => {
    const none = use(() => hooks.useJob(null));
    expect(none.current.job).toBeNull();
    const job = await server.job();
    const shown = testing.renderHook(() => hooks.useJob(job.id), { wrapper: inside });
    await until(() => expect(shown.result.current.job).not.toBeNull());
    shown.unmount();
    expect(await server.get(`/jobs/${job.id}`)).toMatchObject({ state: "running" });
  });

  it("is there on a server that draws pages, without a connection", async () => {
    const { renderToString } = await import("react-dom/server");
    const page = renderToString(
      <hooks.HeadwayProvider client={client}>
        <Shown />
      </hooks.HeadwayProvider>,
    );
    expect(page).toBe("<p>idle</p>");
  });
});

describe("useJobs", () => {
  it("shows those that fit, and keeps the others' identity when one changes", async () => {
    const labels = { test: "hooks" };
    const jobs = [await server.job({ labels }), await server.job({ labels })];
    const state = use(() => hooks.useJobs({ label: ["test:hooks"] }));
    await until(() => expect(state.current.jobs).toHaveLength(2));
    const [newest] = state.current.jobs;
    await server.tell(jobs[0] as Job, { progress: { done: 9 } });
    await until(() => expect(state.current.jobs[1]?.progress?.done).toBe(9));
    expect(state.current.jobs[0]).toBe(newest);
  });
});

describe("useSubmitJob", () => {
  it("has the job before the server answers (S1.27)", async () => {
    const state = use(() => hooks.useSubmitJob());
    let sent: Promise<Job> | undefined;
    testing.act(() => {
      sent = state.current.submit({ type: "test", name: "Mine" });
    });
    expect(state.current).toMatchObject({ state: "submitting", job: { name: "Mine", state: "pending", id: "" } });
    await testing.act(async () => void (await sent));
    expect(state.current.state).toBe("submitted");
    expect(state.current.job?.id).not.toBe("");
  });

  it("tells why it was refused", async () => {
    const state = use(() => hooks.useSubmitJob());
    await testing.act(async () => void (await state.current.submit({ type: "" }).catch(() => undefined)));
    expect(state.current).toMatchObject({ state: "failed", job: null });
    expect(state.current.error?.name).toBe("Refused");
  });
});

describe("useResumableJob", () => {
  const open = () => testing.renderHook(() => hooks.useResumableJob("import", { kind: "test" }), { wrapper: inside });

  it("finds a job again that was remembered, until its end is acknowledged (S0.33, S1.13, point 40)", async () => {
    const job = await server.job();
    const first = open();
    expect(first.result.current.status).toBe("none");
    testing.act(() => first.result.current.remember(job));
    await until(() => expect(first.result.current.status).toBe("running"));
    first.unmount();
    await server.tell(job, { end: "completed" });
    const second = open();
    await until(() => expect(second.result.current.status).toBe("finished-while-away"));
    expect(second.result.current.job?.id).toBe(job.id);
    testing.act(() => second.result.current.acknowledge());
    expect(second.result.current.status).toBe("none");
    expect(localStorage.length).toBe(0);
  });

  it("keeps the job as long as the page where storage is full", async () => {
    const setItem = vi.fn(() => {
      throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
    });
    vi.stubGlobal("localStorage", { getItem: () => null, setItem, removeItem: () => undefined });
    try {
      const job = await server.job();
      const first = open();
      testing.act(() => first.result.current.remember(job));
      await until(() => expect(first.result.current.status).toBe("running"));
      first.unmount();
      const second = open();
      await until(() => expect(second.result.current.job?.id).toBe(job.id));
      testing.act(() => second.result.current.acknowledge());
      expect(second.result.current.status).toBe("none");
      expect(setItem).toHaveBeenCalled();
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it("resumes one that was interrupted (S1.27, S1.28)", async () => {
    const job = await server.job();
    await server.tell(job, { end: "interrupted" });
    const one = open();
    testing.act(() => one.result.current.remember(job));
    await until(() => expect(one.result.current.status).toBe("interrupted"));
    await testing.act(async () => void (await one.result.current.resume()));
    await until(() => expect(one.result.current.status).toBe("running"));
  });

  it("forgets a job that is not there any more", async () => {
    const job = await server.job();
    localStorage.setItem(
      "headway:job:import",
      JSON.stringify({ id: "nobody-knows", kind: "test", created: Date.now() }),
    );
    const one = open();
    await until(() => expect(localStorage.length).toBe(0));
    expect(one.result.current.status).toBe("none");
    testing.act(() => one.result.current.remember(job));
    await until(() => expect(one.result.current.status).toBe("running"));
  });
});

describe("useConnection", () => {
  it("shows how the connection is, ten times a second at most", async () => {
    const listener = vi.fn();
    const job = await server.job();
    use(() => {
      listener();
      return hooks.useJob(job.id);
    });
    const state = use(() => hooks.useConnection());
    await until(() => expect(state.current.state).toBe("live"));
    listener.mockClear();
    const began = performance.now();
    for (let part = 1; part <= 40; part += 1) await server.tell(job, { progress: { done: part } });
    const tenths = Math.ceil((performance.now() - began) / 100) + 1;
    expect(listener.mock.calls.length).toBeLessThanOrEqual(2 * tenths);
  });
});

function stateOf({ job }: { job: Job | null }): string | undefined {
  return job?.state;
}

function Shown(): ReactNode {
  return <p>{hooks.useJob("17").connection.state}</p>;
}
