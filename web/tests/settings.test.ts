// @vitest-environment happy-dom
import "./dom";
import { expect, it } from "vitest";
import { closing } from "../src/pages/settings/session";

it("tells when a session is closed by how long nobody has used it", () => {
  expect(closing({ idle_s: 1800 })).toBe("30 min without use, never with open jobs");
  expect(closing({ idle_s: null })).toBe("Never closed by itself");
});
