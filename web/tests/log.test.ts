/** The arithmetic of the log: folds, anchors, times. */

import type { Event } from "@headway/client";
import { describe, expect, it } from "vitest";
import { hashOf, rangeOf } from "../src/pages/job/log/anchor";
import { placesOf } from "../src/pages/job/log/coloured";
import { Folds, spansOf } from "../src/pages/job/log/folds";
import { clock } from "../src/pages/job/log/times";

function step(seq: number, name: string, state: string): Event {
  return { job_id: "j", seq, at: "2026-01-01T00:00:00Z", kind: "step", name, attempt: 1, data: { state } };
}

describe("spans of steps", () => {
  it("go from where a step begins to where it ends", () => {
    expect(spansOf([step(3, "scan", "running"), step(9, "scan", "completed")], 20)).toEqual([
      { step: "scan", first: 3, last: 9 },
    ]);
  });

  it("reach to the newest entry while the step runs", () => {
    expect(spansOf([step(3, "scan", "running")], 20)).toEqual([{ step: "scan", first: 3, last: 20 }]);
  });

  it("are the outer ones of steps inside each other", () => {
    const history = [
      step(2, "all", "running"),
      step(4, "part", "running"),
      step(6, "part", "completed"),
      step(9, "all", "completed"),
    ];
    expect(spansOf(history, 9).map((span) => span.step)).toEqual(["all"]);
  });
});

describe("folds", () => {
  const spans = [
    { step: "a", first: 3, last: 9 },
    { step: "b", first: 12, last: 15 },
  ];

  it("leave all rows where nothing is folded", () => {
    const folds = new Folds(spans, new Set(), 1, 20);
    expect([folds.rows, folds.seqAt(0), folds.seqAt(19)]).toEqual([20, 1, 20]);
  });

  it("hide what follows the first entry of a step, and every row leads back to its entry", () => {
    const folds = new Folds(spans, new Set([3, 12]), 1, 20);
    const shown = Array.from({ length: folds.rows }, (_, row) => folds.seqAt(row));
    expect(shown).toEqual([1, 2, 3, 10, 11, 12, 16, 17, 18, 19, 20]);
    expect(shown.map((seq) => folds.rowOf(seq))).toEqual(shown.map((_, row) => row));
  });

  it("name the step that hides an entry, and lead to its row", () => {
    const folds = new Folds(spans, new Set([3]), 1, 20);
    expect(folds.hiding(7)?.step).toBe("a");
    expect(folds.rowOf(7)).toBe(folds.rowOf(3));
  });
});

describe("anchors", () => {
  it("name a line or a range, whichever way round", () => {
    expect(rangeOf("L120")).toEqual({ first: 120, last: 120 });
    expect(rangeOf("#L140-L120")).toEqual({ first: 120, last: 140 });
    expect(hashOf({ first: 120, last: 140 })).toBe("L120-L140");
  });

  it.each(["", "L0", "Lx", "L1-", "top"])("leave %j alone", (hash) => {
    expect(rangeOf(hash)).toBeNull();
  });
});

describe("times", () => {
  it("count from the start of the job, and never below it", () => {
    const start = Date.parse("2026-01-01T00:00:00Z");
    expect(clock("2026-01-01T00:01:02.500Z", "relative", "UTC", start)).toBe("1m 02.5s");
    expect(clock("2025-12-31T23:00:00Z", "relative", "UTC", start)).toBe("0.000s");
  });

  it("are those of the zone that was chosen", () => {
    expect(clock("2026-01-01T10:20:30.125Z", "absolute", "UTC", 0)).toBe("10:20:30.125");
  });
});

describe("what was searched in a line", () => {
  it("is found in either case", () => {
    expect(placesOf("Error, error", "ERROR")).toEqual([
      [0, 5],
      [7, 12],
    ]);
  });

  it("keeps its place behind letters that are longer in lower case", () => {
    expect(placesOf("İİ copied", "copied")).toEqual([[3, 9]]);
  });

  it("is text, whatever it would mean as a pattern", () => {
    expect(placesOf("a.c abc", "a.c")).toEqual([[0, 3]]);
    expect(placesOf("(x|y)", "x|y")).toEqual([[1, 4]]);
  });
});
