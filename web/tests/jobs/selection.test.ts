/** Ticked rows, the rows of a range, and what is exported of them. */

import { describe, expect, it } from "vitest";
import { csvOf, jsonOf } from "../../src/pages/jobs/export";
import { fitting } from "../../src/pages/jobs/fits";
import { Ticks } from "../../src/pages/jobs/selection";
import { aJob } from "./a-job";

const ORDER = ["a", "b", "c", "d"];
const ticked = (ticks: Ticks) => [...ticks.getSnapshot().ids];

describe("ticks", () => {
  it("reach from the last one to this one, in either direction", () => {
    const ticks = new Ticks();
    ticks.toggle("c");
    ticks.reach("a", ORDER);
    expect(ticked(ticks).sort()).toEqual(["a", "b", "c"]);
  });

  it("mean all that match only while nothing else is ticked anew", () => {
    const ticks = new Ticks();
    ticks.toggle("a");
    ticks.meanAll(true);
    expect(ticks.getSnapshot().all).toBe(true);
    ticks.toggle("b");
    expect(ticks.getSnapshot()).toEqual({ ids: new Set(["a", "b"]), all: false });
  });
});

describe("export", () => {
  it("quotes what needs it, and makes text of what a spreadsheet would take for a formula", () => {
    const text = csvOf([aJob(1, { name: 'a, "b"' }), aJob(2, { name: "=SUM(A1)" })], ["name", "number"]);
    expect(text).toBe('id,name,number\r\njob-1,"a, ""b""",1\r\njob-2,\'=SUM(A1),2\r\n');
    const cell = (name: string) => csvOf([aJob(1, { name })], ["name"]).slice("id,name\r\njob-1,".length, -2);
    expect(["+1", "-1", "@x", "\tx", "\rx", "a-1", "a\nb"].map(cell)).toEqual([
      "'+1",
      "'-1",
      "'@x",
      "'\tx",
      '"\'\rx"',
      "a-1",
      '"a\nb"',
    ]);
  });

  it("keeps numbers numbers in JSON", () => {
    const [row] = JSON.parse(jsonOf([aJob(1)], ["number", "duration"])).jobs;
    expect(row).toEqual({ id: "job-1", number: 1, duration: null });
  });
});

describe("while the server can not be asked", () => {
  it("loaded rows are looked through by the words of the query", () => {
    const jobs = [aJob(1, { state: "failed" }), aJob(2, { labels: { site: "a" } }), aJob(3, { session: "globex" })];
    const found = (query: string) => jobs.filter(fitting(query)).map((job) => job.number);
    expect(found("state:failed,paused")).toEqual([1]);
    expect(found("-session:acme")).toEqual([3]);
    expect(found("label.site:a")).toEqual([2]);
    expect(found("is:active move")).toEqual([2, 3]);
    const ended = ["completed", "failed", "cancelled", "rolled_back", "rollback_failed"];
    const open = ["pending", "running", "pausing", "paused", "interrupted", "cancelling", "rolling_back"];
    const states = [...open, ...ended].map((state, n) => aJob(n, { state }));
    expect(states.filter(fitting("is:ended")).map((job) => job.state)).toEqual(ended);
    expect(states.filter(fitting("is:active")).map((job) => job.state)).toEqual(open);
  });
});
