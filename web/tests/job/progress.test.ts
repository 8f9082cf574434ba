import type { Event, Job, Progress } from "@headway/client";
import { expect, test } from "vitest";
import { undosAfter } from "../../src/pages/job/checkpoints/undone";
import type { Step, Undo } from "../../src/pages/job/reads";
import { knownPoints, levelled, withSamples } from "../../src/pages/job/timeline/known";
import { roundedEnd, spentUntil, stepRows } from "../../src/pages/job/timeline/rows";
import { Samples } from "../../src/pages/job/timeline/samples";
import type { Stretch } from "../../src/pages/job/timeline/stretches";
import { countedBy, lasting } from "../../src/text/phases";

const at = (seconds: number) => new Date(seconds * 1000).toISOString();
const over = (seconds: number, name: string) =>
  ({ seq: seconds, at: at(seconds), kind: "step", name, attempt: 1, data: { state: "completed" } }) as unknown as Event;

test("ends of planned steps are points by their weights, and the whole is 100 only when completed", () => {
  const phases = [
    { name: "scan", planned: true, weight: 20 },
    { name: "copy", planned: true, weight: 80 },
  ];
  const job = { state: "completed", started_at: at(0), ended_at: at(30), progress: { phases } } as unknown as Job;
  const points = knownPoints(job, [over(10, "scan"), over(12, "unplanned"), over(30, "copy")]);
  expect(points.map((point) => [point.at, point.percent])).toEqual([
    [0, 0],
    [10, 20],
    [30, 99],
    [30, 100],
  ]);
});

test("what was seen takes the place of what the history says of the same time", () => {
  const point = (seconds: number, percent: number) => ({ at: seconds, percent, done: 0, rate: null });
  const joined = withSamples([point(0, 0), point(10, 20), point(30, 100)], [point(8, 15), point(12, 25)]);
  expect(joined.map((one) => one.at)).toEqual([0, 8, 12, 30]);
});

test("samples are thinned out, not forgotten: the first and the newest stay", () => {
  const samples = new Samples();
  const job = (done: number) => ({ state: "running", progress: { percent: 1, done, rate: 1 } }) as unknown as Job;
  for (let n = 0; n < 2_000; n += 1) samples.add(job(n), n * 1_000);
  expect(samples.list().length).toBeLessThan(721);
  expect(samples.list()[0]?.done).toBe(0);
  expect(samples.list().at(-1)?.done).toBeGreaterThan(1_990);
});

test("the end of the axis of a running job moves seldom, and is never behind now", () => {
  const ends = Array.from({ length: 60 }, (_, n) => roundedEnd(0, 66_000 + n * 100));
  expect(new Set(ends).size).toBe(1);
  expect(ends[0]).toBeGreaterThan(72_000);
});

test("a step that goes on counts until now, and one that was only planned has no bar", () => {
  const step = (name: string, state: string, started: string | null) =>
    ({ name, state, attempt: 1, started_at: started, ended_at: null }) as Step;
  const [running, planned] = stepRows([step("copy", "running", at(5)), step("send", "planned", null)], []);
  expect(running && spentUntil(running, 8_000)).toBe(3_000);
  expect(planned?.bars).toEqual([]);
});

test("a rollback to a step undoes what later steps recorded, and what was recorded in no step after its end", () => {
  const step = (name: string, position: number, ended: number) => ({ name, position, ended_at: at(ended) }) as Step;
  const undo = (position: number, name: string | null, recorded: number, state = "recorded") =>
    ({ position, step: name, recorded_at: at(recorded), state }) as Undo;
  const [scan, copy] = [step("scan", 1, 10), step("copy", 2, 20)];
  const undos = [
    undo(1, "scan", 5),
    undo(2, null, 8),
    undo(3, null, 12),
    undo(4, "copy", 15),
    undo(5, "copy", 16, "done"),
  ];
  const after = undosAfter([scan, copy], undos);
  expect(after(scan).map((one) => one.position)).toEqual([3, 4]);
  expect(after(copy)).toEqual([]);
});

test("a job that is over well keeps nothing that it said on the way; one that was cut short tells how far it came", () => {
  const progress = {
    done: 3,
    total: 3,
    of_phase: true,
    phase: "disks",
    message: "pg2: 90 %",
    note: "anew",
  } as Progress;
  const told = (state: string) => {
    const left = lasting(progress, state);
    return [countedBy(left), left.message, left.note];
  };
  expect(told("completed")).toEqual(["", null, null]);
  expect(told("failed")).toEqual(["disks: 3 of 3", "pg2: 90 %", null]);
  expect(told("running")).toEqual(["disks: 3 of 3", "pg2: 90 %", "anew"]);
});

test("the line is level while a job is paused, and while it is rolled back", () => {
  const stretch = (doing: Stretch["doing"], from: number, to: number): Stretch => ({
    doing,
    from: from * 1000,
    to: to * 1000,
    attempt: 1,
    endedBy: null,
  });
  const history = [stretch("working", 0, 10), stretch("paused", 10, 36), stretch("working", 36, 46)];
  const points = [0, 100].map((percent, n) => ({ at: n * 60, percent, done: 0, rate: null }));
  const line = levelled(points, [...history, stretch("undone", 50, 60)]);
  expect(line.map(({ at, percent }) => [at, percent])).toEqual([
    [0, 0],
    [10, 50],
    [36, 50],
    [46, 100],
    [60, 100],
  ]);
});
