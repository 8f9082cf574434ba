import type { Job } from "@headway/client";
import { expect, test } from "vitest";
import { neighboursIn, reaches } from "../../src/pages/job/neighbours";

const jobs = ["a", "b", "c"].map((id) => ({ id }) as Job);

test("previous and next are those of the list, and its ends have none", () => {
  const walked = { jobs, after: null };
  expect(neighboursIn(walked, "b")).toEqual({ previous: jobs[0], next: jobs[2], at: 2 });
  expect(neighboursIn(walked, "a")?.previous).toBeNull();
  expect(neighboursIn(walked, "c")?.next).toBeNull();
});

test("a job that is not in the list has no neighbours", () => {
  expect(neighboursIn({ jobs, after: null }, "z")).toBeNull();
});

test("it reads on only while what follows the job is not known and there is more", () => {
  expect(reaches({ jobs, after: "x" }, "b")).toBe(true);
  expect(reaches({ jobs, after: "x" }, "c")).toBe(false);
  expect(reaches({ jobs, after: "x" }, "z")).toBe(false);
  expect(reaches({ jobs, after: null }, "z")).toBe(true);
});
