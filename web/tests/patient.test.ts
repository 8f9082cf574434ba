// @vitest-environment happy-dom
/** What is fetched late, and may be gone by then. */

import { onlineManager } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { patient } from "../src/data/patient";

const GONE = new Error("404");

let fails: boolean;
let loads: number;

const mend = vi.fn(() => Promise.resolve("mended"));

const load = async () => {
  loads += 1;
  if (fails) throw GONE;
  return "files";
};

beforeEach(() => {
  [fails, loads] = [false, 0];
  mend.mockClear();
});

afterEach(() => onlineManager.setOnline(true));

it("fetches once, whoever asks first", async () => {
  const part = patient(load, mend);
  expect(part.found()).toBeUndefined();
  await part.ahead();
  expect(part.found()).toBe("files");
  expect(await part.needed()).toBe("files");
  expect(loads).toBe(1);
});

it("does nothing about what could not be fetched ahead until it is needed", async () => {
  fails = true;
  const part = patient(load, mend);
  await part.ahead();
  expect(mend).not.toHaveBeenCalled();
  expect(await part.needed()).toBe("mended");
  expect(await part.needed()).toBe("mended");
  expect(mend.mock.calls).toEqual([[GONE]]);
  expect(loads).toBe(1);
});

it("fetches nothing ahead while the server is away, but tries what is needed", async () => {
  onlineManager.setOnline(false);
  const part = patient(load, mend);
  await part.ahead();
  expect(loads).toBe(0);
  expect(await part.needed()).toBe("files"); // the browser may have kept it
});
