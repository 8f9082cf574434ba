import { expect, test } from "vitest";
import { cleaned } from "../../src/pages/job/trace";

const OWN = ['  File "/srv/jobs/transfer.py", line 57, in transfer', '    ctx.step("verify", verify)'];
const LIBRARY = [
  '  File "/venv/lib/python3.11/site-packages/headway/runtime/steps.py", line 9, in run',
  "    return fn(*args)",
  "           ^^^^^^^^^",
];
const HEAD = "Traceback (most recent call last):";
const END = "ValueError: checksum of a.png differs";

test("frames of libraries are left out with the lines below them, and counted", () => {
  const found = cleaned([HEAD, ...OWN, ...LIBRARY, ...OWN, END, ""].join("\n"));
  expect(found).toEqual({ text: [HEAD, ...OWN, ...OWN, END].join("\n"), hidden: 3 });
});

test("the frame that raised stays, whose ever it is", () => {
  const trace = [HEAD, ...OWN, ...LIBRARY, END].join("\n");
  expect(cleaned(trace)).toEqual({ text: trace, hidden: 0 });
});

test("what is no traceback stays as it is", () => {
  expect(cleaned("exit code 3\n  at line 5")).toEqual({ text: "exit code 3\n  at line 5", hidden: 0 });
});
