// @vitest-environment happy-dom
/** Commands: one registry makes keys, help sheet and palette. */

import "./dom";
import { MantineProvider } from "@mantine/core";
import { cleanup, render } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fitting } from "../src/commands/choices";
import { Sheet } from "../src/commands/help";
import { capsOf, strokeOf } from "../src/commands/keys";
import { listen } from "../src/commands/listener";
import { type Command, clashes, register } from "../src/commands/registry";
import { useCommand } from "../src/commands/use-command";
import { prefer } from "../src/data/preferences";

const ends: (() => void)[] = [];

function offer(command: Partial<Command> & Pick<Command, "id">) {
  const run = vi.fn();
  ends.push(register({ title: command.id, run, ...command }));
  return run;
}

function press(key: string, init: KeyboardEventInit = {}, target: EventTarget = document.body) {
  target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...init }));
}

function Page() {
  useCommand({ id: "page.only", keys: "q", title: "Only here", run: () => {} });
  return <Sheet />;
}

function put(html: string): Element {
  document.body.innerHTML = html;
  return document.body.firstElementChild ?? document.body;
}

beforeEach(() => {
  prefer({ shortcuts: true });
  ends.push(listen());
});

afterEach(() => {
  cleanup();
  for (const end of ends.splice(0)) end();
});

describe("keys", () => {
  it("give a command by one key, by keys together and by one after the other", () => {
    const [pause, palette, jobs] = [
      offer({ id: "pause", keys: "p" }),
      offer({ id: "palette", keys: "mod+k" }),
      offer({ id: "jobs", keys: "g j" }),
    ];
    press("p");
    press("k", { metaKey: true });
    press("g");
    press("j");
    expect([pause, palette, jobs].map((run) => run.mock.calls.length)).toEqual([1, 1, 1]);
  });

  it("are named as they are typed", () => {
    const stroke = (key: string, init = {}) => strokeOf(new KeyboardEvent("keydown", { key, ...init }));
    expect([
      stroke("?", { shiftKey: true }),
      stroke("Enter", { shiftKey: true }),
      stroke("K", { ctrlKey: true }),
    ]).toEqual(["?", "Shift+Enter", "mod+k"]);
    expect([stroke("Shift", { shiftKey: true }), stroke(" ")]).toEqual([null, "Space"]);
    expect([capsOf("mod+k"), capsOf("g h"), capsOf("+")]).toEqual([[["Ctrl", "K"]], [["g"], ["h"]], [["+"]]]);
  });

  it("point 30: single ones can be switched off, combinations stay", () => {
    prefer({ shortcuts: false });
    const [pause, jobs, palette] = [
      offer({ id: "pause", keys: "p" }),
      offer({ id: "jobs", keys: "g j" }),
      offer({ id: "palette", keys: "mod+k" }),
    ];
    press("p");
    press("g");
    press("j");
    press("k", { ctrlKey: true });
    expect([pause, jobs, palette].map((run) => run.mock.calls.length)).toEqual([0, 0, 1]);
  });

  it.each(["<input>", "<textarea></textarea>", "<select></select>", "<div contenteditable='true'></div>"])(
    "point 30: none fires in %s but those that are meant for fields",
    (html) => {
      const [pause, save, open] = [
        offer({ id: "pause", keys: "p" }),
        offer({ id: "save", keys: "mod+s", inFields: true }),
        offer({ id: "open", keys: "mod+o" }),
      ];
      const field = put(html);
      press("p", {}, field);
      press("s", { ctrlKey: true }, field);
      press("o", { ctrlKey: true }, field);
      expect([pause, save, open].map((run) => run.mock.calls.length)).toEqual([0, 1, 0]);
    },
  );

  it("fire in no dialog, and press a button rather than give a command", () => {
    const [pause, open] = [offer({ id: "pause", keys: "p" }), offer({ id: "open", keys: "Enter" })];
    press("Enter", {}, put("<button>One</button>"));
    put("<div role='dialog' aria-modal='true'></div>");
    press("p");
    expect([pause, open].map((run) => run.mock.calls.length)).toEqual([0, 0]);
  });

  it("mean what the page says before what stands around it, whichever came first", () => {
    const [page, around] = [offer({ id: "page", keys: "/" }), offer({ id: "around", keys: "/", scope: "everywhere" })];
    press("/");
    expect([page, around].map((run) => run.mock.calls.length)).toEqual([1, 0]);
  });

  it("do nothing while their command is not possible", () => {
    const run = offer({ id: "pause", keys: "p", when: () => false });
    press("p");
    expect(run).not.toHaveBeenCalled();
  });
});

describe("the help sheet", () => {
  it("point 30: has each command with its keys, and nothing else", () => {
    offer({ id: "pause", keys: "p" });
    offer({ id: "search", keys: "/" });
    offer({ id: "palette", keys: ["mod+k", "/"], scope: "everywhere", group: "Everywhere" });
    offer({ id: "only in the palette" });
    const { container } = render(
      <MantineProvider>
        <Sheet />
      </MantineProvider>,
    );
    const rows = [...container.querySelectorAll("[data-command]")].map((row) => [
      row.getAttribute("data-command"),
      [...row.querySelectorAll("[data-keys]")].map((keys) => keys.getAttribute("data-keys")),
    ]);
    expect(rows).toEqual([
      ["pause", ["p"]],
      ["search", ["/"]],
      ["palette", ["mod+k"]],
    ]);
  });

  it("says “or” between keys of which any does it, and “then” between those of one", () => {
    offer({ id: "recovery", keys: ["g r", "R"] });
    const { container } = render(
      <MantineProvider>
        <Sheet />
      </MantineProvider>,
    );
    expect(container.querySelector("dd")?.textContent).toBe("gthenrorR");
  });

  it("follows what a page offers and takes back", () => {
    const { container, unmount } = render(<Page />, { wrapper: MantineProvider });
    expect(container.querySelector("[data-command='page.only']")?.textContent).toBe("Only hereq");
    unmount();
    const run = offer({ id: "other", keys: "z" });
    press("q");
    expect(run).not.toHaveBeenCalled();
  });
});

describe("the palette", () => {
  it("finds commands by words in any order, those of the page first, and none that is not possible", () => {
    const command = (id: string, more: Partial<Command> = {}) => ({ id, title: id, run: () => {}, ...more });
    const all = [
      command("Show keys", { group: "Everywhere" }),
      command("Pause or resume", { keys: "p" }),
      command("Resume all", { when: false }),
      command("Next row", { palette: false }),
    ];
    expect(fitting(all, "").map((one) => one.title)).toEqual(["Pause or resume", "Show keys"]);
    expect(fitting(all, "resume PAU").map((one) => one.title)).toEqual(["Pause or resume"]);
  });
});

/** Where commands are written: what each file gives to useCommand, as text. */
const sources = import.meta.glob<string>("../src/**/*.{ts,tsx}", { query: "?raw", import: "default", eager: true });

function written(source: string): { id: string; keys: string[] }[] {
  return [...source.matchAll(/useCommand\(\{(.*?)\brun\b/gs)].map(([, text = ""]) => ({
    id: /\bid: ["`]([^"`]+)/.exec(text)?.[1] ?? "",
    keys: [...(/\bkeys: (\[[^\]]*\]|"[^"]*")/.exec(text)?.[1] ?? "").matchAll(/"([^"]+)"/g)].map(
      (found) => found[1] ?? "",
    ),
  }));
}

describe("all commands of the pages", () => {
  const all = Object.entries(sources).flatMap(([path, source]) =>
    written(source).map((command) => ({ folder: path.replace(/\/[^/]*$/, ""), ...command })),
  );

  it("are found", () => {
    expect(all.map((command) => command.id)).toEqual(expect.arrayContaining(["palette", "go.home", "health.copy"]));
  });

  it.each([...new Set(all.map((command) => command.folder))])("share no keys in %s", (folder) => {
    const together = all.filter((command) => folder === command.folder || folder.startsWith(`${command.folder}/`));
    expect(clashes(together)).toEqual([]);
  });
});
