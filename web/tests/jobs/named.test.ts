// @vitest-environment happy-dom
/** Saved views: what their names stand for, and that they are kept. */

import "../dom";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { removeView, renameView, saveView, views } from "../../src/data/views";
import { chosenIn } from "../../src/pages/jobs/address";
import { resolved, searchOf, viewOf, viewShown } from "../../src/pages/jobs/named";

const FAILED = { name: "Failed", query: "state:failed", sort: "-ended", columns: "status,name" };

beforeEach(() => {
  for (const { name } of views()) removeView(name);
});

describe("a view in the address", () => {
  it("stands for what the address does not say itself", () => {
    expect(resolved({ view: "Failed" }, [FAILED])).toEqual({ q: "state:failed", sort: "-ended", cols: "status,name" });
    expect(resolved({ view: "Failed", q: "x" }, [FAILED]).q).toBe("x");
  });

  it("is told where it is not known", () => {
    const { unknown, unread } = chosenIn(resolved({ view: "Fialed" }, [FAILED]), ["Failed"]);
    expect([unknown, unread]).toEqual([[], [{ name: "view", value: "Fialed", known: ["Failed"] }]]);
  });

  it("is the one that is shown, until something else is chosen", () => {
    const chosen = chosenIn(searchOf(FAILED));
    expect(viewShown(chosen, [FAILED])).toBe(FAILED);
    expect(viewOf(chosen, "Failed")).toEqual(FAILED);
    expect(viewShown({ ...chosen, query: "" }, [FAILED])).toBeUndefined();
  });
});

describe("saved views", () => {
  it("are kept in this browser, one of each name", () => {
    expect(saveView(FAILED)).toBe(true);
    saveView({ ...FAILED, query: "error:*" });
    expect(views().map(({ query }) => query)).toEqual(["error:*"]);
    expect(JSON.parse(localStorage.getItem("headway.views") ?? "")).toEqual(views());
  });

  it("are renamed and deleted", () => {
    saveView(FAILED);
    renameView("Failed", "Bad");
    expect(views().map(({ name }) => name)).toEqual(["Bad"]);
    removeView("Bad");
    expect(views()).toEqual([]);
  });

  it("take the place of another one, where they are given its name", () => {
    saveView(FAILED);
    saveView({ ...FAILED, name: "Bad", query: "error:*" });
    renameView("Failed", "Bad");
    expect(views()).toEqual([{ ...FAILED, name: "Bad" }]);
  });

  it("say that nothing can be stored, and last as long as the page", () => {
    vi.stubGlobal("localStorage", {
      setItem: () => {
        throw new DOMException("full", "QuotaExceededError");
      },
    });
    expect(saveView(FAILED)).toBe(false);
    expect(views()).toEqual([FAILED]);
    vi.unstubAllGlobals();
  });
});
