// @vitest-environment happy-dom
/** The arithmetic of the parts that all pages share. */

import "./dom";
import type { Job, Progress, Worker } from "@headway/client";
import { describe, expect, it } from "vitest";
import { placeOf } from "../src/commands/choices";
import { undoOf } from "../src/data/actions";
import type { Doings } from "../src/data/doings";
import { ofJobTypes } from "../src/data/workers";
import { skewOf } from "../src/pages/health/report";
import { alwaysPossible, asideOf } from "../src/parts/actions";
import { step } from "../src/parts/chart-data";
import { labels } from "../src/parts/chart-drawing";
import { relative } from "../src/parts/moment";
import { choicesOf, failedItems, planOf } from "../src/parts/retry-plan";
import { path, place } from "../src/parts/sparkline";
import { stateWords } from "../src/parts/status";
import { commands } from "../src/text/commands";
import { countedBy } from "../src/text/phases";
import { absolute, clock, iso, toMs } from "../src/text/times";

const NOON = Date.UTC(2026, 10, 22, 12, 2, 11);

describe("a chart", () => {
  it("names no two places of its axis by the same count", () => {
    const rounded = (value: number) => value.toFixed(0);
    expect(labels([0, 0.5, 1], rounded)).toEqual(["0", "", "1"]);
    expect(labels([0, 0.5, 1], String)).toEqual(["0", "0.5", "1"]);
    expect(labels([0, 50, 100], rounded)).toEqual(["0", "50", "100"]);
  });
});

describe("results", () => {
  it("are counted in words that fit one as well", () => {
    expect([0, 1, 2].map(commands.results)).toEqual(["0 results", "1 result", "2 results"]);
  });
});

describe("times", () => {
  it("are read from text, seconds and milliseconds", () => {
    expect([toMs("2026-11-22T12:02:11Z"), toMs(NOON / 1000), toMs(NOON), toMs("soon")]).toEqual([
      NOON,
      NOON,
      NOON,
      null,
    ]);
  });

  it("point 34: have an absolute form in the chosen zone, and one to copy", () => {
    expect([clock(NOON, "UTC"), absolute(NOON, "UTC"), iso(NOON)]).toEqual([
      "12:02:11",
      "22 Nov 2026, 12:02:11 UTC",
      "2026-11-22T12:02:11.000Z",
    ]);
  });
});

describe("a moment", () => {
  it("of the past is just now where the learnt clock is behind it", () => {
    expect(relative(NOON + 1_500, NOON, false)).toBe("just now");
    expect(relative(NOON - 5_000, NOON, false)).toBe("5 s ago");
  });

  it("is told in seconds below 90, and in minutes from there on", () => {
    const told = [89, 90, 104, 240].map((seconds) => relative(NOON - seconds * 1000, NOON, false));
    expect(told).toEqual(["89 s ago", "1 min ago", "1 min ago", "4 min ago"]);
  });

  it("that may lie ahead is told so", () => {
    expect(relative(NOON + 180_000, NOON, true)).toBe("in 3 min");
    expect(relative(NOON - 180_000, NOON, true)).toBe("3 min ago");
  });
});

function doings(given: Partial<Doings> = {}): Doings {
  return { steps: [], ledgers: [], undos: [], checkpoint: { state: {}, cursors: {} }, ...given };
}

const named = (name: string, state: string) => ({ name, state }) as Doings["steps"][number];
const ledger = (counts: object) =>
  ({ ledger: "pages", total: 0, done: 0, failed: 0, pending: 0, ...counts }) as Doings["ledgers"][number];
const undo = (type: string, step: string | null) => ({ type, step, state: "recorded" }) as Doings["undos"][number];

describe("point 27: a retry", () => {
  const half = doings({
    steps: [named("scan", "completed"), named("load", "failed"), named("index", "planned")],
    ledgers: [ledger({ total: 40, done: 30, failed: 4, pending: 6 })],
    undos: [undo("site.drop", "scan")],
    checkpoint: { state: {}, cursors: { Rows: { done: 12 } } },
  });

  it("keeps what is done, and repeats what is not", () => {
    const { kept, repeated } = planOf(half, "failure");
    expect(kept).toEqual(["Step scan: its result", "Rows: 12 members that are done", "pages: 30 of 40 items"]);
    expect(repeated).toEqual(["Step load", "Rows: only what was under way", "pages: 10 items"]);
  });

  it("can do what failed alone, where items did", () => {
    expect([choicesOf(half), choicesOf(doings())]).toEqual([
      ["failure", "items", "start"],
      ["failure", "start"],
    ]);
    expect([failedItems(half), planOf(half, "items").repeated.at(-1)]).toEqual([4, "pages: 4 items"]);
  });

  it("from the start keeps nothing", () => {
    expect(planOf(half, "start")).toMatchObject({ kept: [], repeated: ["All 3 steps"] });
    expect(planOf(doings(), "failure")).toMatchObject({
      kept: [],
      repeated: ["Everything, from the first line of the function"],
    });
  });

  it("lists what was done outside already, known from undos or not known from ended steps", () => {
    const more = { ...half, steps: [...half.steps, named("mail", "completed")] };
    expect(planOf(more, "failure").done).toEqual([
      "Step scan, can be undone by site.drop",
      "Whatever step mail has done",
    ]);
  });
});

describe("what can be done with a job", () => {
  it("is taken back by its opposite, where there is one", () => {
    expect((["pause", "resume", "pin", "unpin", "cancel", "retry"] as const).map(undoOf)).toEqual([
      "resume",
      "pause",
      "unpin",
      "pin",
      null,
      null,
    ]);
  });

  it("besides its moves depends on whose it is and whether it has ended", () => {
    const job = { pinned: false, outside: false, rollback_of: null, ended_at: null };
    const ended: Pick<Job, "pinned" | "outside" | "rollback_of" | "ended_at"> = {
      ...job,
      pinned: true,
      outside: true,
      ended_at: "now",
    };
    expect([alwaysPossible(job), alwaysPossible(ended)]).toEqual([
      ["restart", "pin"],
      ["unpin", "delete"],
    ]);
  });

  it("holds a job from the menu where it can go on", () => {
    expect(asideOf({ moves: ["resume", "pause", "cancel"] })).toEqual(["pause"]);
    expect(asideOf({ moves: ["pause", "cancel"] })).toEqual([]);
  });
});

describe("what was found", () => {
  it("leads to its job, else its session, else the workers", () => {
    const hit = { kind: "job" as const, id: "17", job_id: null, session: null, worker: null };
    expect([
      placeOf({ ...hit, job_id: "j" }).to,
      placeOf({ ...hit, session: "s" }).to,
      placeOf({ ...hit, worker: "w" }).to,
      placeOf(hit).to,
    ]).toEqual(["/jobs/$id", "/sessions/$id", "/health", "/jobs"]);
  });
});

describe("charts", () => {
  it("are walked by arrows, to both ends and no further", () => {
    expect([
      step("ArrowLeft", null, 5),
      step("ArrowLeft", 0, 5),
      step("ArrowRight", 4, 5),
      step("Home", 3, 5),
      step("a", 1, 5),
    ]).toEqual([4, 0, 4, 0, null]);
  });

  it("break their line where a value is not known", () => {
    expect(path(place([0, 1, null, 1], 96, 24))).toBe("M3 21L33 3M93 3");
  });

  it("begin at 0, so that a few per cent less look like a few per cent", () => {
    const heights = place([100, 96, 100], 96, 24).map((point) => point?.[1]);
    expect(heights).toEqual([3, 3.72, 3]);
  });
});

describe("the clock of a worker", () => {
  it("is told to a tenth of a second, without a minus before 0", () => {
    const skew = (seconds: number | null) => skewOf({ clock_skew_s: seconds } as Pick<Worker, "clock_skew_s">);
    expect([skew(-0.0002), skew(300.04), skew(null)]).toEqual([0, 300, null]);
  });
});

describe("what stands in lists", () => {
  const job = { marks: {}, warnings: 0, progress: null };

  it("a state has the words of its marks; warnings qualify it when the job is over", () => {
    expect([
      stateWords({ ...job, state: "completed", warnings: 2 }),
      stateWords({ ...job, state: "running", warnings: 2 }),
      stateWords({ ...job, state: "rolled_back", marks: { in_part: "2 of 3" } }),
    ]).toEqual(["Completed with warnings", "Running", "Rolled back in part"]);
  });

  it("counts of a phase have its name, also when it is over; the job's own have none", () => {
    const counts = { done: 9, total: 10, unit: "files", failed: 0, skipped: 0, phase: "copy", of_phase: true };
    const over = { ...counts, phase: null, phases: [{ name: "copy", done: 9, total: 10 }] };
    expect([counts, over, { ...counts, of_phase: false }].map((one) => countedBy(one as Progress))).toEqual([
      "copy: 9 of 10 files",
      "copy: 9 of 10 files",
      "9 of 10 files",
    ]);
  });
});

describe("workers", () => {
  it("are those of somebody's types, without the slots for Headway's own", () => {
    const worker = (...types: string[]) => ({ types }) as Worker;
    const both = worker("headway.bulk", "site.copy");
    expect(ofJobTypes([worker("headway.bulk"), both, worker()])).toEqual([both]);
  });
});
