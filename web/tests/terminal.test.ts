/** What somebody is given to run elsewhere reaches the database of these pages. */

import { describe, expect, it } from "vitest";
import { sessionJobs } from "../src/text/sessions";
import { hasPlace, reaching, whereToRun } from "../src/text/terminal";

const SERVER = "https://jobs.example/h";
const RUN = "headway run --name hello -- sleep 30";

describe("a command", () => {
  it("names a database that it would not find, as one word of a shell", () => {
    expect(reaching(RUN, "", SERVER)).toBe(RUN);
    expect(reaching(RUN, "/srv/my jobs.db", SERVER)).toBe(
      "headway --url '/srv/my jobs.db' run --name hello -- sleep 30",
    );
    expect(reaching("headway ls", "postgresql://ann@db/jobs?a=$&", SERVER)).toBe(
      "headway --url 'postgresql://ann@db/jobs?a=$&' ls",
    );
  });

  it("asks the server where it does not tell the place, unless it needs the database itself", () => {
    expect(reaching("headway session start acme", null, SERVER)).toBe(`headway --url ${SERVER} session start acme`);
    expect(whereToRun("headway session start acme", null)).toBeNull();
    for (const code of [RUN, "headway worker --import jobs.py"]) {
      expect(reaching(code, null, SERVER)).toBe(code);
      expect(whereToRun(code, null)).toMatch(/--url or \$HEADWAY_URL/);
      expect(whereToRun(code, "/srv/jobs.db")).toBeNull();
    }
  });

  it("waits for the place, and other code does not", () => {
    expect([RUN, 'headway.Headway("x")', "ctx.checkpoint(last_id=row.id)"].map(hasPlace)).toEqual([true, true, false]);
  });
});

describe("the start of a session", () => {
  it("is one that is not refused: its id is one word, and it has a type", () => {
    expect(sessionJobs.snippet("ok 5", "site.transfer")).toBe("headway session start 'ok 5'");
    expect(sessionJobs.snippet("it's", null)).toBe("headway session start 'it'\\''s' --type site.transfer");
  });
});
