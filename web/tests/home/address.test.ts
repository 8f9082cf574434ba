// @vitest-environment happy-dom
/** The address of the first page: what it can not use is told by name. */

import "../dom";
import { expect, it } from "vitest";
import { homeChoice } from "../../src/pages/home/address";
import { addressNotes } from "../../src/text/address";

it("tells a parameter that it has not from a value that it can not read", () => {
  const { span, owner, unknown, unread } = homeChoice({ window: "zz", owner: "", colour: "red" });
  expect([span, owner, unknown]).toEqual(["24h", null, ["colour"]]);
  expect(addressNotes(unknown, unread)).toBe(
    "The address has “colour”, which this page does not know. It is kept and has no effect. " +
      "“zz” is no value of “window” in the address; known are 1h, 24h, 7d. It has no effect. " +
      "“” is no value of “owner” in the address. It has no effect.",
  );
});

it("has nothing to tell of what it can use", () => {
  expect(homeChoice({ window: "7d", owner: 17 })).toEqual({ span: "7d", owner: "17", unknown: [], unread: [] });
});
