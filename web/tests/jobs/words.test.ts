/** The words of a query: where they stand, what chips change in them, what is suggested. */

import { describe, expect, it } from "vitest";
import { statesOf, suggestions, taken, toggledState, withStates, wordsOf } from "../../src/pages/jobs/words";

const known = (field: string) => (field === "session" ? ["acme", "globex", "two words"] : []);
const offered = (text: string, caret = text.length) => suggestions(text, caret, known).map((one) => one.insert);

describe("words", () => {
  it("stand where they were typed, and quotes keep blanks, commas and colons together", () => {
    const words = wordsOf('a  state:failed,paused name:"x, y: z" -type:t');
    expect(words.map(({ begin, end }) => [begin, end])).toEqual([
      [0, 1],
      [3, 22],
      [23, 37],
      [38, 45],
    ]);
    expect(words.map(({ field, values }) => [field, values])).toEqual([
      [null, ["a"]],
      ["state", ["failed", "paused"]],
      ["name", ["x, y: z"]],
      ["type", ["t"]],
    ]);
    expect(words.map((word) => word.denied)).toEqual([false, false, false, true]);
  });

  it("may end in an open quote, which reaches to the end", () => {
    expect(wordsOf('name:"Move ex')[0]?.values).toEqual(["Move ex"]);
  });
});

describe("states", () => {
  it("are gathered from every word that asks for some, and not from those that deny them", () => {
    expect(statesOf("state:failed x status:paused,running -state:pending")).toEqual(["failed", "paused", "running"]);
  });

  it("come and go while the other words stay as they are", () => {
    expect(toggledState('state:failed name:"a b"', "paused")).toBe('state:failed,paused name:"a b"');
    expect(toggledState('state:failed,paused name:"a b"', "failed")).toBe('state:paused name:"a b"');
    expect(toggledState("state:paused x", "paused")).toBe("x");
    expect(withStates("x state:paused -state:failed", [])).toBe("x -state:failed");
  });
});

describe("suggestions", () => {
  it("name the fields that begin so, also behind a minus", () => {
    expect(offered("se")).toEqual(["session:"]);
    expect(offered("x -st")).toEqual(["-state:"]);
    expect(offered("").length).toBeGreaterThan(5);
  });

  it("name values that are known and not chosen already", () => {
    expect(offered("state:pa")).toEqual(["pausing", "paused"].filter((state) => state.startsWith("pa")));
    expect(offered("state:failed,f")).toEqual([]);
    expect(offered("session:")).toEqual(["acme", "globex", '"two words"']);
    expect(offered("is:")).toEqual(["active", "ended"]);
  });

  it("replace the word at the caret alone", () => {
    const [first] = suggestions("sta name:x", 3, known);
    expect(first && taken("sta name:x", first)).toEqual({ text: "state: name:x", caret: 6 });
    const [value] = suggestions("state:failed,can", 16, known);
    expect(value && taken("state:failed,can", value)).toEqual({ text: "state:failed,cancelling ", caret: 24 });
  });
});
