import type { Job } from "@headway/client";
import { expect, test } from "vitest";
import { type Branch, goTo, rowsOf, stepOf, treeOf } from "../../src/pages/job/tree/rows";

const job = (id: string, state = "running") => ({ id, state }) as Job;
const leaf = (id: string, state?: string): Branch => ({ job: job(id, state), children: [] });
const TREE: Branch = {
  job: job("root"),
  children: [{ job: job("a"), children: [leaf("a1", "completed"), leaf("a2", "failed")] }, leaf("b", "completed")],
};
const open = rowsOf(TREE, new Set());
const folded = rowsOf(TREE, new Set(["a"]));
const ids = (rows: typeof open) => rows.map((row) => row.job.id);

test("rows come in the order in which they are read, and a closed branch hides its children", () => {
  expect(ids(open)).toEqual(["root", "a", "a1", "a2", "b"]);
  expect(ids(folded)).toEqual(["root", "a", "b"]);
});

test("each row knows its level, its place among its sisters, and what is below it", () => {
  expect(open[3]).toMatchObject({ level: 3, place: 2, sisters: 2 });
  expect(open[0]?.below).toEqual({ total: 4, over: 3, failed: 1, running: 1 });
});

test("right opens a closed branch and goes into an open one", () => {
  expect(stepOf(folded, 1, "ArrowRight")).toEqual({ open: "a" });
  expect(stepOf(open, 1, "ArrowRight")).toEqual({ go: 2 });
  expect(stepOf(open, 4, "ArrowRight")).toBeNull();
});

test("left closes an open branch and goes to the parent of a leaf", () => {
  expect(stepOf(open, 1, "ArrowLeft")).toEqual({ close: "a" });
  expect(stepOf(open, 3, "ArrowLeft")).toEqual({ go: 1 });
});

test("up, down, Home and End stay within the rows", () => {
  expect([stepOf(open, 0, "ArrowUp"), stepOf(open, 4, "ArrowDown")]).toEqual([null, null]);
  expect([stepOf(open, 2, "Home"), stepOf(open, 2, "End")]).toEqual([{ go: 0 }, { go: 4 }]);
});

test("the parent of the root is nowhere", () => {
  expect(goTo(open, null)).toBeNull();
});

test("the jobs below a root, newest first, make its tree, oldest first", () => {
  const below = (id: string, parent_id: string) => ({ id, parent_id }) as Job;
  const tree = treeOf(job("root"), [below("b", "root"), below("a2", "a"), below("a1", "a"), below("a", "root")]);
  expect(ids(rowsOf(tree, new Set()))).toEqual(["root", "a", "a1", "a2", "b"]);
});
