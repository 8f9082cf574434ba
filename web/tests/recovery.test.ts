// @vitest-environment happy-dom
/** What is asked of jobs that stopped, and the line of their throughput. */

import "./dom";
import { describe, expect, it } from "vitest";
import { Throughput } from "../src/pages/home/throughput";
import { causeIn } from "../src/pages/recovery/address";
import { CAUSES, type Recoverable } from "../src/pages/recovery/reads";
import { verbFor } from "../src/pages/recovery/send-on";
import { readInput } from "../src/parts/input-field";
import { recovery as texts } from "../src/text/recovery";
import { aJob } from "./jobs/a-job";

function stopped(more: Partial<Recoverable>): Recoverable {
  return {
    job: aJob(1, { state: "interrupted", moves: ["resume", "cancel"] }),
    cause: "crash",
    cause_text: "its worker ended",
    lost_at: "2026-11-22T10:00:00Z",
    checkpoint_at: null,
    kept: { steps: 0, step: null, members: 0, items: 0, items_total: 0, lost_s: null },
    repeats: "All of it",
    side_effects: [],
    changed: [],
    resumable: "yes",
    why: "",
    verb: "resume",
    safe: true,
    other_input: false,
    ...more,
  };
}

describe("what a way means for a job", () => {
  it("is what the server says sends it on, where its state permits that (S1.29)", () => {
    expect(verbFor("resume", stopped({}))).toBe("resume");
    const failed = stopped({ job: aJob(2, { state: "failed", moves: ["retry"] }), verb: "retry" });
    expect(verbFor("resume", failed)).toBe("retry");
    expect(verbFor("discard", failed)).toBeNull();
    expect(verbFor("discard", stopped({}))).toBe("cancel");
    expect(verbFor("restart", failed)).toBe("restart");
    expect(verbFor("resume", stopped({ resumable: "no" }))).toBeNull();
  });
});

describe("a job that is rolled back in part", () => {
  it("is rolled back again by its own button, and by no other way", () => {
    const job = aJob(3, { state: "rollback_failed", moves: ["rollback"] });
    const entry = stopped({ job, verb: "rollback", cause: "rollback failed", resumable: "with care" });
    expect(verbFor("resume", entry)).toBeNull();
  });
});

describe("what can be taken back", () => {
  it("is named by what was done, and by what takes it back", () => {
    const told = texts.takenBack(2, ["disks", "shutdown"], ["vm.delete-disk", "vm.power-on"]);
    expect(told).toBe("2 effects of steps disks and shutdown, by vm.delete-disk and vm.power-on");
    expect(texts.takenBack(1, [], ["files.remove"])).toBe("1 effect, by files.remove");
  });
});

describe("another input", () => {
  it("is a JSON object, or none yet", () => {
    expect(readInput('{"vm": "pg1"}')).toEqual({ vm: "pg1" });
    for (const text of ["", "{", "[1]", "null", "3"]) expect(readInput(text)).toBeNull();
  });
});

describe("the address of recovery", () => {
  it("knows causes, and names what it does not know", () => {
    for (const cause of CAUSES) expect(causeIn({ cause })).toEqual({ cause, unknown: [], unread: [] });
    const unread = [{ name: "cause", value: "weather", known: CAUSES }];
    expect(causeIn({ cause: "weather", since: "x" })).toEqual({ cause: null, unknown: ["since"], unread });
  });
});

describe("throughput", () => {
  const at = (done: number, phase: string | null = null) => {
    const progress = { ...emptyProgress, done, phase };
    return [aJob(1, { progress })];
  };

  it("is what was done between samples, with a gap where a phase begins", () => {
    const throughput = new Throughput();
    throughput.sample(at(10), 0);
    throughput.sample(at(30), 2_000);
    throughput.sample(at(5, "copy"), 4_000);
    throughput.sample(at(9, "copy"), 6_000);
    expect(throughput.of("job-1")).toEqual([10, null, 2]);
    throughput.sample([], 8_000);
    expect(throughput.of("job-1")).toEqual([]);
  });
});

const emptyProgress = {
  done: 0,
  total: null,
  unit: null,
  percent: null,
  failed: 0,
  skipped: 0,
  phase: null,
  of_phase: false,
  message: null,
  data: null,
  rate: null,
  eta: null,
  eta_why_not: null,
  last_progress_at: null,
  stalled_since: null,
  note: null,
  phases: [],
};
