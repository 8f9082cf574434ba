/** The address of the list: defaults are left out, what is not known is told and not dropped. */

import { describe, expect, it } from "vitest";
import { type Chosen, chosenIn, inAddress, jobsSearch } from "../../src/pages/jobs/address";
import { tracks, USUAL_COLUMNS, withRoom } from "../../src/pages/jobs/columns";
import { addressNotes } from "../../src/text/address";

const read = (raw: Record<string, unknown>) => chosenIn(jobsSearch(raw));

describe("the address", () => {
  it("leaves out what is as usual", () => {
    const usual: Partial<Chosen> = { query: "", sort: "-created", cursor: null, row: null, columns: USUAL_COLUMNS };
    expect(Object.values(inAddress(usual)).every((value) => value === undefined)).toBe(true);
  });

  it("gives back what was put into it", () => {
    const chosen = {
      query: "state:failed x",
      sort: "-ended",
      cursor: { number: 55, page: "a~b" },
      row: 17,
      columns: ["status", "name"],
    } as const;
    expect(read({ ...inAddress({ ...chosen, columns: [...chosen.columns] }) })).toEqual({
      ...chosen,
      unknown: [],
      unread: [],
    });
  });

  it("names what it does not know, and keeps it", () => {
    const raw = { q: "x", colour: "red", sort: "upwards", cols: "status,shoe" };
    expect(read(raw).unknown).toEqual(["colour"]);
    expect(read(raw).unread.map(({ name, value }) => [name, value])).toEqual([
      ["sort", "upwards"],
      ["cols", "status,shoe"],
    ]);
    expect(jobsSearch(raw)).toEqual(raw);
  });

  it("says of a value that is not known which are", () => {
    expect(addressNotes([], read({ sort: "started" }).unread)).toBe(
      "“started” is no value of “sort” in the address; known are -created, created, -started, -ended. It has no effect.",
    );
  });

  it("takes a number that was typed for the query", () => {
    expect(read({ q: 17 }).query).toBe("17");
  });
});

describe("columns", () => {
  it("give way by their rank where there is no room; status and name always stay", () => {
    expect(withRoom(USUAL_COLUMNS, 2_000)).toEqual(USUAL_COLUMNS);
    expect(withRoom(USUAL_COLUMNS, 980)).not.toContain("owner");
    expect(withRoom(USUAL_COLUMNS, 300)).toEqual(["status", "name"]);
  });

  it("share their tracks with the head", () => {
    expect(tracks(["status", "name"]).split(" ").length).toBe(tracks(["status", "name"]).split(" ").length);
    expect(tracks(["status"])).toContain("1fr");
  });
});
