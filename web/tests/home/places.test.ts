/** The cards of the first page: nothing moves under the pointer. */

import { describe, expect, it } from "vitest";
import { arranged, LINGER_MS, type Place, placed, stalledBehind } from "../../src/pages/home/places";
import { aJob } from "../jobs/a-job";

const MOST = 3;
const stalled = (number: number) => aJob(number, { marks: { stalled_since: "2026-11-22T09:00:00Z" } });
const shown = (places: readonly Place[]) => places.map(({ job }) => job.number);

describe("cards", () => {
  it("begin with the stalled, then the newest", () => {
    expect(shown(arranged([aJob(3), stalled(1), aJob(2), aJob(4)], MOST))).toEqual([1, 4, 3]);
  });

  it("keep their places when a job stalls and when one comes", () => {
    const first = arranged([aJob(1), aJob(2)], MOST);
    const then = placed(first, [aJob(3), aJob(2), stalled(1)], MOST, 0, null);
    expect(shown(then)).toEqual([2, 1, 3]);
    expect(stalledBehind(then, [aJob(3), aJob(2), stalled(1)])).toBe(1);
    expect(stalledBehind(arranged([aJob(2), stalled(1)], MOST), [aJob(2), stalled(1)])).toBe(0);
  });

  it("leave newcomers without a place where there is no room", () => {
    const full = arranged([aJob(1), aJob(2), aJob(3)], MOST);
    expect(
      shown(
        placed(
          full,
          [1, 2, 3, 4].map((n) => aJob(n)),
          MOST,
          0,
          null,
        ),
      ),
    ).toEqual([3, 2, 1]);
  });

  it("stay for a while when their job has ended, then give their place to a newcomer", () => {
    const full = arranged([aJob(1), aJob(2), aJob(3)], MOST);
    const jobs = [aJob(1), aJob(3), aJob(4)];
    const ended = placed(full, jobs, MOST, 1_000, null);
    expect(shown(ended)).toEqual([3, 2, 1]);
    expect(ended[1]?.leftAt).toBe(1_000);
    expect(shown(placed(ended, jobs, MOST, 1_000 + LINGER_MS, null))).toEqual([3, 4, 1]);
  });

  it("do not go, nor move up, while somebody is at one", () => {
    const both = placed(arranged([aJob(1), aJob(2)], MOST), [aJob(1)], MOST, 0, null);
    expect(shown(placed(both, [aJob(1)], MOST, LINGER_MS, "job-2"))).toEqual([2, 1]);
    expect(shown(placed(both, [aJob(1)], MOST, LINGER_MS, "job-1"))).toEqual([2, 1]);
    expect(shown(placed(both, [aJob(1)], MOST, LINGER_MS, null))).toEqual([1]);
  });
});
