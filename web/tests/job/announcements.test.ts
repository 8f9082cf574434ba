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
    [30.999, seen(50, "paused")],
    [31, seen(50, "paused")],
  ]);
  expect(told).toEqual([null, { what: "percent", percent: 25 }, null, null, null, { what: "state", state: "paused" }]);
});

test("the state that a job comes to is told, not the one that leads there", () => {
  const told = all([
    [0, seen(40)],
    [1, seen(40, "pausing")],
    [3, seen(40, "paused")],
    [5, seen(40, "pending")],
    [6, seen(40)],
    [34, seen(40)],
  ]);
  const [paused, running] = [
    { what: "state", state: "paused" },
    { what: "state", state: "running" },
  ];
  expect(told).toEqual([null, null, paused, null, null, running]);
});

test("a state that ought to pass and does not is told after 10 s", () => {
  const told = all([
    [0, seen(40)],
    [1, seen(40, "pausing")],
    [10.999, seen(40, "pausing")],
    [11, seen(40, "pausing")],
  ]);
  expect(told).toEqual([null, null, null, { what: "state", state: "pausing" }]);
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
