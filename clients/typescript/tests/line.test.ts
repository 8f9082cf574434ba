/** One connection over time: silence, losses and back-off, with the time in the test's hands. */

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Carried, Carrier } from "../src/carrier.js";
import { ServerClock } from "../src/clock.js";
import type { ConnectionState } from "../src/connection.js";
import { Http } from "../src/http.js";
import { Line } from "../src/line.js";
import { openSocket } from "../src/socket.js";

/** Nobody listens there, so it is refused at once. */
const NOWHERE = "http://127.0.0.1:1";
const PATIENCE = { timeout: 30_000 };

beforeEach(() =>
  vi.useFakeTimers({
    now: 1_000_000,
    toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance"],
  }),
);
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

class Wire {
  pings = 0;
  opened = 0;
  closed = 0;
  carried: Carried | null = null;
  subscribed: unknown[] = [];

  open = (carried: Carried): Carrier => {
    this.opened += 1;
    this.carried = carried;
    return {
      answers: true,
      subscribe: (key, _topic, after) => this.subscribed.push([key, after]),
      unsubscribe: () => undefined,
      ping: () => {
        this.pings += 1;
      },
      close: () => {
        this.closed += 1;
      },
    };
  };
}

function line(): { wire: Wire; one: Line; states: ConnectionState[] } {
  const wire = new Wire();
  const one = new Line(new Http({ baseUrl: NOWHERE }), new ServerClock(), { socket: wire.open, stream: null });
  one.want("job:1", { topic: { job: "1" }, cursor: () => "e-7", hear: () => undefined });
  const states: ConnectionState[] = [];
  one.connection.subscribe(() => states.push(one.connection.getSnapshot().state));
  wire.carried?.opened();
  wire.carried?.heard(null, null);
  return { wire, one, states };
}

it("asks for a sign of life after 15 s, and takes 45 s of silence for a loss (point 11)", async () => {
  const { wire, one, states } = line();
  await vi.advanceTimersByTimeAsync(14_999);
  expect(wire.pings).toBe(0);
  await vi.advanceTimersByTimeAsync(1);
  expect(wire.pings).toBe(1);
  expect(one.connection.getSnapshot().state).toBe("live");
  await vi.advanceTimersByTimeAsync(30_000);
  expect(one.connection.getSnapshot()).toMatchObject({ state: "stale", lostAt: 1_000_000 });
  await vi.advanceTimersByTimeAsync(500);
  expect(states).toContain("stale");
  expect(wire.opened).toBe(2);
  wire.carried?.opened();
  expect(wire.subscribed.at(-1)).toEqual(["job:1", "e-7"]);
});

it("does not take late timers of a hidden page for silence", async () => {
  const { wire, one } = line();
  const late = performance.now() + 120_000;
  vi.spyOn(performance, "now").mockImplementation(() => late); // time has passed, and no timer was called
  one.wake();
  expect(wire.pings).toBe(1);
  expect(one.connection.getSnapshot().state).toBe("live");
  wire.carried?.heard(null, null);
  one.wake();
  expect(one.connection.getSnapshot().state).toBe("live");
});

it("takes no clock that is put forward or back for silence (point 14)", async () => {
  const { wire, one } = line();
  for (const jump of [3_600_000, -7_200_000]) {
    vi.setSystemTime(Date.now() + jump);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(wire.pings).toBe(0);
    expect(one.connection.getSnapshot().state).toBe("live");
  }
  await vi.advanceTimersByTimeAsync(5_000);
  expect(wire.pings).toBe(1); // 15 s after the last word, whatever Date.now() says
});

it("makes sure within 2 s when the page is seen again (point 12)", async () => {
  const { wire, one } = line();
  one.probe();
  expect(wire.pings).toBe(1);
  await vi.advanceTimersByTimeAsync(2_300);
  expect(wire.opened).toBe(2);
});

it("counts a connection over which nothing was heard as a failed try", async () => {
  const { wire, one } = line();
  wire.carried?.lost({ opened: true, error: null });
  await vi.waitFor(() => expect(wire.opened).toBe(2), PATIENCE);
  expect(one.connection.getSnapshot()).toMatchObject({ state: "connecting", tries: 0 });
  wire.carried?.opened();
  wire.carried?.lost({ opened: true, error: null });
  await vi.waitFor(() => expect(wire.opened).toBe(3), PATIENCE);
  expect(one.connection.getSnapshot().tries).toBe(1);
});

it("is idle and closed a moment after nothing is followed any more", async () => {
  const { wire, one } = line();
  one.drop("job:1");
  await vi.advanceTimersByTimeAsync(2_999);
  expect([one.connection.getSnapshot().state, wire.closed]).toEqual(["live", 0]);
  await vi.advanceTimersByTimeAsync(1);
  expect([one.connection.getSnapshot().state, wire.closed]).toEqual(["idle", 1]);
});

class Socket {
  static made: Socket[] = [];
  sent: string[] = [];
  closed = false;
  onopen: (() => void) | null = null;
  constructor() {
    Socket.made.push(this);
  }
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.closed = true;
  }
}

it("gives a socket 10 s to open (S1.20)", async () => {
  vi.stubGlobal("WebSocket", Socket);
  const lost = vi.fn();
  openSocket(new Http({ baseUrl: NOWHERE }), { opened: vi.fn(), heard: vi.fn(), lost });
  await vi.advanceTimersByTimeAsync(9_999);
  expect(lost).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(lost).toHaveBeenCalledWith(expect.objectContaining({ opened: false }));
});

it("sends fewer messages a minute than the server takes, and only what is still wanted (S1.20)", async () => {
  vi.stubGlobal("WebSocket", Socket);
  const carrier = openSocket(new Http({ baseUrl: NOWHERE }), { opened: vi.fn(), heard: vi.fn(), lost: vi.fn() });
  await vi.advanceTimersByTimeAsync(0);
  const socket = Socket.made.at(-1);
  socket?.onopen?.();
  for (let time = 0; time < 200; time += 1) carrier.subscribe("one", { job: "1" }, time);
  expect(socket?.sent).toHaveLength(90);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(JSON.parse(socket?.sent.at(-1) ?? "{}")).toMatchObject({ subscribe: { job: "1", after: 199 } });
  expect(socket?.sent.length).toBeLessThan(180);
});
