import { expect, test } from "vitest";
import { type Heard, hear, type Seen, UNHEARD } from "../../src/pages/job/announcements";

const seen = (percent: number | null, state = "running", stalled = false): Seen => ({ state, percent, stalled });

function all(moments: readonly [number, Seen][]): unknown[] {
  let heard: Heard = UNHEARD;
  return moments.map(([seconds, now]) => {
    const answer = hear(heard, now, seconds * 1000);
    heard = answer.heard;
    return answer.say;
  });
}

test("what a page finds when it opens is not announced", () => {
  expect(
    all([
      [0, seen(60)],
      [1, seen(61)],
    ]),
  ).toEqual([null, null]);
});

test("each quarter is told once, also when the percentage falls and comes back", () => {
  const told = all([
    [0, seen(24)],
    [40, seen(25)],
    [80, seen(24)],
    [120, seen(26)],
    [160, seen(51)],
  ]);
  expect(told).toEqual([null, { what: "percent", percent: 25 }, null, null, { what: "percent", percent: 50 }]);
});

test("nothing is said twice within half a minute; the newest waits for its end", () => {
  const told = all([
    [0, seen(24)],
    [1, seen(25)],
    [2, seen(50)],
    [3, seen(50, "pausing")],
    [29, seen(50, "paused")],
    [31, seen(50, "paused")],
  ]);
  expect(told).toEqual([null, { what: "percent", percent: 25 }, null, null, null, { what: "state", state: "paused" }]);
});

test("a stall is told when it begins", () => {
  expect(
    all([
      [0, seen(10)],
      [5, seen(10, "running", true)],
      [90, seen(10, "running", true)],
    ]),
  ).toEqual([null, { what: "stalled" }, null]);
});
