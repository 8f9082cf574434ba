/** The server's clock, with the clocks of this machine in the test's hands. */

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Clocks, ServerClock } from "../src/clock.js";
import { IDLE } from "../src/connection.js";
import { Http } from "../src/http.js";
import type { Live } from "../src/live.js";
import { keepTime } from "../src/timekeeping.js";

const HOUR_MS = 3_600_000;
const PATIENCE = { timeout: 30_000 };

/** A machine whose clocks a test moves, and a server that is five minutes ahead of it. */
class Machine implements Clocks {
  #wall = 1_000_000;
  #steady = 500;
  #server = 1_300_000;
  readonly clock = new ServerClock(this);

  wall = (): number => this.#wall;
  steady = (): number => this.#steady;

  get server(): number {
    return this.#server;
  }

  pass(ms: number): void {
    this.#wall += ms;
    this.#steady += ms;
    this.#server += ms;
  }

  /** The time on the screen is set; no time passes. */
  set(byMs: number): void {
    this.#wall += byMs;
  }

  /** Time passes, and the steady clock stands still. */
  sleep(ms: number): void {
    this.#wall += ms;
    this.#server += ms;
  }

  /** An answer that took so long, and is that much wrong. */
  learn(roundTripMs = 0, wrongMs = 0): void {
    const asked = this.clock.moment();
    this.pass(roundTripMs / 2);
    const answer = this.#server + wrongMs;
    this.pass(roundTripMs / 2);
    this.clock.learn(answer, asked);
  }
}

let here: Machine;
beforeEach(() => {
  here = new Machine();
});

describe("the server's clock", () => {
  it("is as far from this one as the answers say", () => {
    expect(here.clock.now()).toBe(1_000_000);
    here.learn(100);
    expect(here.clock.now()).toBe(here.server);
    here.pass(HOUR_MS);
    expect(here.clock.now()).toBe(here.server);
  });

  it("believes quick answers more than slow ones", () => {
    here.learn(20);
    here.learn(1_000, 400);
    expect(here.clock.now()).toBe(here.server);
  });

  it("goes on through a clock that jumps and is put right (point 14)", () => {
    here.learn();
    for (const jump of [HOUR_MS, -HOUR_MS]) {
      here.set(jump);
      expect(here.clock.now()).toBe(here.server);
      here.pass(1_000);
      expect(here.clock.now()).toBe(here.server);
    }
  });

  it("is right at once after a sleep, when it is learnt anew (point 14)", () => {
    here.learn(20);
    const before = here.clock.now();
    here.sleep(2 * HOUR_MS);
    expect(here.clock.now()).toBeGreaterThanOrEqual(before);
    here.learn(900);
    expect(here.clock.now()).toBe(here.server);
  });

  it("is not misled by an answer during which the machine slept", () => {
    here.learn();
    const asked = here.clock.moment();
    const answer = here.server;
    here.sleep(2 * HOUR_MS);
    here.clock.learn(answer, asked);
    here.learn();
    expect(here.clock.now()).toBe(here.server);
  });

  it("goes back at once where it was wrong by more than 2 s, and waits where it was less", () => {
    here.learn(0, 60_000);
    expect(here.clock.now()).toBe(here.server + 60_000);
    here.learn();
    expect(here.clock.now()).toBe(here.server);
    here.learn(0, 1_500);
    const ahead = here.clock.now();
    here.learn();
    expect(here.clock.now()).toBe(ahead);
    here.pass(1_500);
    expect(here.clock.now()).toBe(here.server);
  });

  it("doubts itself when the clocks here differ by 2 s more than they did, until it is learnt anew", () => {
    const doubt = vi.fn();
    here.clock.onDoubt = doubt;
    here.learn();
    here.set(2_000);
    here.clock.now();
    expect(doubt).not.toHaveBeenCalled();
    here.set(1);
    here.clock.now();
    expect(doubt).toHaveBeenCalledTimes(1);
    here.learn();
    here.clock.now();
    expect(doubt).toHaveBeenCalledTimes(1);
  });
});

describe("it is learnt anew", () => {
  const page = Object.assign(new EventTarget(), { visibilityState: "visible" });
  const connection = { getSnapshot: () => IDLE, subscribe: () => () => undefined };
  const look = vi.fn();
  const live = { connection, look } as unknown as Live;
  const asked = vi.fn(async () => Response.json({ now: here.server / 1000 }));
  let stop: () => void;

  beforeEach(() => {
    vi.clearAllMocks();
    vi.stubGlobal("document", page);
    vi.stubGlobal("fetch", asked);
    stop = keepTime(new Http({ baseUrl: "http://server" }), here.clock, live);
  });
  afterEach(() => {
    stop();
    vi.unstubAllGlobals();
  });

  it("when the page is seen again (point 14)", async () => {
    here.learn();
    here.sleep(2 * HOUR_MS);
    page.dispatchEvent(new Event("visibilitychange"));
    await vi.waitFor(() => expect(here.clock.now()).toBe(here.server), PATIENCE);
  });

  it("after a sleep that nobody told of, and the connection is looked at then (point 14)", async () => {
    here.learn();
    here.sleep(2 * HOUR_MS);
    for (let looks = 0; looks < 5; looks += 1) here.clock.now();
    await vi.waitFor(() => expect(look).toHaveBeenCalledTimes(1), PATIENCE);
    expect(asked).toHaveBeenCalledTimes(1);
    expect(here.clock.now()).toBe(here.server);
  });
});
