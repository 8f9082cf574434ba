/** Configurations: what changed, how two saves merge, where a mistake is. */

import type { Session } from "@headway/client";
import { describe, expect, it } from "vitest";
import { changesBetween, mergeOf, neighbour } from "../src/pages/sessions/changes";
import { readConfig } from "../src/pages/sessions/json";
import { fitting, limitOf, readPlaces } from "../src/pages/sessions/listing";
import { mayHoldSecret } from "../src/pages/sessions/secrecy";

const secret = (value: string) => ({ $secret: value });

describe("the list", () => {
  const session = (id: string, owner: string | null, job_type: string | null) =>
    ({ id, owner, job_type, concurrency: 10 }) as Session;

  it("finds by words of id, owner and type", () => {
    const all = [session("acme", "ada", "site.transfer"), session("globex", null, "site.transfer")];
    expect(fitting(all, "").length).toBe(2);
    expect(fitting(all, "Transfer ADA").map(({ id }) => id)).toEqual(["acme"]);
    expect(fitting(all, "bob")).toEqual([]);
  });

  it("tells no limit of the session that has none", () => {
    expect(limitOf(session("default.yaml", null, null))).toBeNull();
    expect(limitOf(session("acme", null, null))).toBe(10);
  });
});

describe("jobs at once", () => {
  it("are a whole number as the server takes it; what is none is told and never changed", () => {
    for (const text of ["x", "", "0", "-1", "1.5", 1_000_001, 99999999999]) expect(readPlaces(text)).toBeNull();
    expect([readPlaces("1"), readPlaces(1_000_000)]).toEqual([1, 1_000_000]);
  });
});

describe("changes", () => {
  it("are walked through in both directions, and around at the ends", () => {
    const all = ["a", "b", "c"];
    expect(neighbour(all, null, 1)).toBe("a");
    expect(neighbour(all, null, -1)).toBe("c");
    expect(neighbour(all, "c", 1)).toBe("a");
    expect(neighbour(all, "b", -1)).toBe("a");
    expect(neighbour(all, "gone", 1)).toBe("a");
    expect(neighbour([], null, 1)).toBeNull();
  });

  it("are the changed values alone, by their path", () => {
    const changes = changesBetween({ a: 1, b: { c: 2, d: 3 }, "x/y": 1 }, { a: 1, b: { c: 4 }, "x/y": 2, e: [1] });
    expect(changes.map((one) => [one.path, one.change])).toEqual([
      ["b/c", "changed"],
      ["b/d", "removed"],
      ["x~1y", "changed"],
      ["e", "added"],
    ]);
  });

  it("never tell what a secret is", () => {
    const changes = changesBetween({ p: secret("***") }, { p: secret("hunter2") });
    expect(JSON.stringify(changes)).not.toContain("hunter2");
    expect(changes).toEqual([{ path: "p", change: "changed", from: undefined, to: undefined, secret: true }]);
    const come = changesBetween({ old: secret("hunter2") }, { new: secret("hunter2") });
    expect(come).toEqual([
      { path: "old", change: "removed", from: undefined, secret: true },
      { path: "new", change: "added", to: undefined, secret: true },
    ]);
  });
});

describe("a merge", () => {
  const base = { a: 1, b: 1, deep: { c: 1 } };

  it("takes what only one side has changed", () => {
    const { merged, disputed } = mergeOf(base, { ...base, a: 2 }, { ...base, deep: { c: 3 } }, new Map());
    expect(merged).toEqual({ a: 2, b: 1, deep: { c: 3 } });
    expect(disputed).toEqual([]);
  });

  it("names what both have changed, and takes the side that was chosen", () => {
    const mine = { ...base, a: 2, b: 5 };
    const theirs = { ...base, a: 3, b: 5 };
    expect(mergeOf(base, mine, theirs, new Map()).merged.a).toBe(3);
    const chosen = mergeOf(base, mine, theirs, new Map([["a", "mine"]]));
    expect(chosen.merged).toEqual({ a: 2, b: 5, deep: { c: 1 } });
    expect(chosen.disputed).toEqual(["a"]);
  });

  it("takes names that every object has for names like any other", () => {
    const mine = JSON.parse('{"a": 1, "b": 1, "deep": {"c": 1}, "__proto__": {"polluted": "yes"}, "toString": 1}');
    const { merged } = mergeOf(base, mine, { ...base, a: 2 }, new Map());
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(JSON.stringify(merged)).toContain('"__proto__":{"polluted":"yes"}');
    expect(changesBetween({}, { toString: 1 })).toEqual([{ path: "toString", change: "added", to: 1, secret: false }]);
  });

  it("keeps a removal", () => {
    const { merged } = mergeOf(base, { b: 1, deep: { c: 1 } }, base, new Map());
    expect(merged).toEqual({ b: 1, deep: { c: 1 } });
  });
});

describe("text", () => {
  it("is refused with the place of the mistake", () => {
    expect(readConfig('{\n  "a": 1,\n  b: 2\n}').problem).toMatch(/^Line 3, column 3: /);
    expect(readConfig("[1]").problem).toMatch(/object/);
  });

  it.each([
    '{"p": {"$secret": "hunter2"}}',
    '{"db": {"password": "hunter2"}}',
    '{"host": "a", "password": "hunter2",}',
    '{"url": "postgresql://u:hunter2@h/db"}',
    '{"passwords": ["hunter2"]}',
    '{"credentials": {"user": "u", "value": "hunter2"}}',
    '{"jaas": "password=\\"hunter2\\""}',
    '{"options": "user=u;pwd=hunter2"}',
    '{"pin": 4711}',
  ])("that may hold a secret is kept out of storage: %s", (text) => {
    expect(mayHoldSecret(text)).toBe(true);
  });

  it("without one is kept", () => {
    const plain = { host: "a.example", url: "sftp://old.example:22/www", n: 4, deep: [{ p: { $secret: "***" } }] };
    expect(mayHoldSecret(JSON.stringify(plain))).toBe(false);
  });
});
