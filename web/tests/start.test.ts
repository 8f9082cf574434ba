// @vitest-environment happy-dom
import "./dom";
import type { Session } from "@headway/client";
import { expect, test } from "vitest";
import { ofSessions } from "../src/commands/choices";
import { withoutSecrets } from "../src/parts/start-dialog";

test("the input of the last start is offered again, without what hides its secrets", () => {
  const given = { vm: "pg1", keys: [{ $secret: "***" }], at: { password: { $secret: "***" } } };
  expect(withoutSecrets(given)).toEqual({ vm: "pg1", keys: [{ $secret: "" }], at: { password: { $secret: "" } } });
});

test("the palette finds what can be asked of a session by its name, and nothing that is not possible", () => {
  const session = (id: string, job_type: string | null, open_jobs: number) => ({ id, job_type, open_jobs }) as Session;
  const found = ofSessions([session("left", "vm.failover", 0), session("right", null, 2)], "");
  expect(found.map(({ title }) => title.replace(/[\u2066-\u2069]/g, ""))).toEqual(["Start left", "Pause all of right"]);
  expect(ofSessions([session("left", "vm.failover", 0)], "start left")).toHaveLength(1);
});
