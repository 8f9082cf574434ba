import { expect, test } from "vitest";
import { besideOf, idsOf } from "../../src/pages/jobs/ids";

test("a job that has no name of its own has an id beside it, any other its type", () => {
  const job = { type: "vm.failover", name: "vm.failover", context_id: "vm:pg1", external_ids: { gui: "17" } };
  expect(idsOf(job)).toEqual(["vm:pg1", "17"]);
  expect(besideOf(job)).toBe("vm:pg1");
  expect(besideOf({ ...job, name: "Move pg1" })).toBe("vm.failover");
  expect(besideOf({ ...job, context_id: null, external_ids: {} })).toBeNull();
});
