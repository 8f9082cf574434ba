import type { Event } from "@headway/client";
import { describe, expect, test } from "vitest";
import { workedUntil } from "../../src/data/worked";
import { axisOf, between, foldsOf, shown, ticks, whole, zoomed } from "../../src/pages/job/timeline/axis";
import { endOf, isFragment, jobRow, spentUntil } from "../../src/pages/job/timeline/rows";
import { bandsOf, stretchesOf, triesOf } from "../../src/pages/job/timeline/stretches";
import { timeline } from "../../src/text/job/timeline";

const START = Date.parse("2026-11-22T09:00:00Z");
const MINUTE = 60_000;

function event(seconds: number, kind: string, name: string, attempt: number, data: Record<string, unknown>): Event {
  const at = new Date(START + seconds * 1000).toISOString();
  return { job_id: "j", seq: seconds, at, kind, name, attempt, data };
}
const move = (seconds: number, name: string, to: string, attempt: number) =>
  event(seconds, "move", name, attempt, { to });
const step = (seconds: number, name: string, state: string, attempt: number) =>
  event(seconds, "step", name, attempt, { state });

const TWO_ATTEMPTS = [
  move(0, "submit", "pending", 0),
  move(10, "claim", "running", 1),
  step(10, "scan", "running", 1),
  step(20, "scan", "completed", 1),
  step(20, "copy", "running", 1),
  move(30, "back_off", "pending", 1),
  move(7230, "claim", "running", 2),
  step(7230, "copy", "running", 2),
];

describe("the history as stretches of time", () => {
  test("queued and working times follow each other without a gap, and the last one is open", () => {
    expect(
      stretchesOf(TWO_ATTEMPTS).map(({ doing, from, to }) => [doing, from - START, to === null ? null : to - START]),
    ).toEqual([
      ["queued", 0, 10_000],
      ["working", 10_000, 30_000],
      ["queued", 30_000, 7_230_000],
      ["working", 7_230_000, null],
    ]);
  });

  test("a pause that was taken back before the halt is still the same work", () => {
    const events = [move(0, "claim", "running", 1), move(5, "pause", "pausing", 1), move(6, "resume", "running", 1)];
    expect(stretchesOf(events)).toHaveLength(1);
  });

  test("a step that its attempt did not survive is cut off there, and tried again by the next", () => {
    const tries = triesOf(TWO_ATTEMPTS).get("copy") ?? [];
    expect(tries.map(({ state, attempt, to }) => [state, attempt, to === null ? null : to - START])).toEqual([
      ["cut off", 1, 30_000],
      ["running", 2, null],
    ]);
  });

  test("each attempt is one band, also when it was asked to pause meanwhile", () => {
    expect(bandsOf(stretchesOf(TWO_ATTEMPTS)).map((band) => band.attempt)).toEqual([1, 2]);
  });
});

describe("the row of the job", () => {
  const lost = [move(0, "submit", "pending", 0), move(1, "claim", "running", 1), move(61, "lose", "interrupted", 1)];

  test("tells what the job itself says that it took, and nothing more while it is interrupted", () => {
    const row = jobRow({ state: "interrupted", active_s: 50 }, stretchesOf(lost));
    expect(spentUntil(row, START + 7_200_000)).toBe(50_000);
    const again = [...lost, move(100, "resume", "pending", 1), move(110, "claim", "running", 2)];
    const running = jobRow({ state: "running", active_s: 50 }, stretchesOf(again));
    expect(spentUntil(running, START + 120_000)).toBe(60_000);
    expect(
      workedUntil(
        { state: "running", active_s: 50, state_since: "", started_at: null, attempt: 2 },
        again[4]?.at ?? null,
        START + 120_000,
      ),
    ).toBe(60);
  });

  test("has the mark of its end where its work ended, and none while it goes on", () => {
    expect(endOf(jobRow({ state: "interrupted", active_s: 50 }, stretchesOf(lost)))).toBe(START + 61_000);
    const failed = stretchesOf([...lost.slice(0, 2), move(9, "fail", "failed", 1)]);
    expect(endOf(jobRow({ state: "failed", active_s: 8 }, failed))).toBe(START + 9_000);
    expect(endOf(jobRow({ state: "running", active_s: 0 }, stretchesOf(lost.slice(0, 2))))).toBeNull();
  });

  test("leaves out a queue that was too short to be seen", () => {
    const [queued, working] = jobRow({ state: "interrupted", active_s: 50 }, stretchesOf(lost)).bars;
    expect([queued, working].map((bar) => bar !== undefined && isFragment(bar, 0.1))).toEqual([true, false]);
    expect(queued !== undefined && isFragment(queued, 2)).toBe(false);
  });
});

describe("the words of the axis", () => {
  test("are minutes from one minute on, as exact as the ticks are near", () => {
    const told = [0.25, 30, 60, 90, 120, 60.5, 3660].map((seconds) => timeline.tick(seconds));
    expect(told).toEqual(["0.25 s", "30 s", "1 min", "1 min 30 s", "2 min", "1 min 0.5 s", "1 h 1 min"]);
  });
});

describe("the axis", () => {
  const to = START + 7_260_000;
  const folds = foldsOf(stretchesOf(TWO_ATTEMPTS), START, to);
  const axis = axisOf(START, to, folds);

  test("a wait of two hours beside a minute of work is folded; one of ten seconds is not", () => {
    expect(folds.map((fold) => fold.to - fold.from)).toEqual([7_200_000]);
  });

  test("what is folded takes a narrow mark and the rest keeps its own length", () => {
    expect(axis.length).toBeGreaterThan(MINUTE);
    expect(axis.length).toBeLessThan(MINUTE * 1.1);
    expect(axis.at(START + 30_000)).toBe(30_000);
  });

  test("places and moments lead back to each other", () => {
    for (const at of [0, 12_345, 31_000, axis.length]) expect(axis.at(axis.moment(at))).toBeCloseTo(at, 3);
  });

  test("zooming keeps the place under the pointer, and never leaves the axis", () => {
    const closer = zoomed(axis, whole(axis), 2, 20_000);
    expect((20_000 - closer.from) / (closer.to - closer.from)).toBeCloseTo(20_000 / axis.length, 5);
    expect(zoomed(axis, closer, 0.01)).toEqual(whole(axis));
  });

  test("a drag chooses the same window in either direction", () => {
    expect(between(axis, 5_000, 15_000)).toEqual(between(axis, 15_000, 5_000));
  });

  test("what is out of the window is not shown, and what reaches in is cut at its edge", () => {
    const window = { from: 10_000, to: 20_000 };
    expect(shown(axis, window, START, START + 5_000)).toBeNull();
    expect(shown(axis, window, START + 5_000, START + 15_000)).toEqual({ left: 0, width: 50 });
  });

  test("ticks are round times and none stands in a fold", () => {
    const seconds = ticks(axis, whole(axis), 8).map((tick) => tick.seconds);
    expect(seconds).toEqual([0, 10, 20, 30, 7230, 7240, 7250, 7260]);
  });
});
