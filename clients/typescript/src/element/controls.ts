/** The buttons of <job-progress>: what the page permits and the job's state allows. */

import type { JobView } from "../job-store.js";

import { attribute, make } from "./dom.js";
import type { TextName } from "./texts.js";

export type Offered = "pause" | "resume" | "cancel" | "retry";

const ASKED: Record<Offered, TextName> = {
  pause: "pauseAsked",
  resume: "resumeAsked",
  cancel: "cancelAsked",
  retry: "retryAsked",
};

export interface Doing {
  act(verb: Offered): void;
  text(name: TextName): string;
}

/** The verbs that a page permits by `controls`: pausing, unless it says otherwise. Who may pause may resume. */
export function permitted(controls: string | null): Offered[] {
  const named = new Set((controls ?? "pause").split(/\s+/));
  const all: Offered[] = ["pause", "resume", "retry", "cancel"];
  return all.filter((verb) => named.has(verb) || (verb === "resume" && named.has("pause")));
}

export class Controls {
  readonly element = make("div", { class: "controls", part: "controls" });
  readonly #doing: Doing;
  readonly #buttons = new Map<Offered, HTMLButtonElement>();
  readonly #question = make("span", { part: "question" });
  readonly #keep: HTMLButtonElement;
  readonly #sure: HTMLButtonElement;
  #asking = false;
  #last: { view: JobView; verbs: Offered[] } | null = null;

  constructor(doing: Doing) {
    this.#doing = doing;
    for (const verb of permitted("pause retry cancel")) this.#buttons.set(verb, this.#button(verb));
    this.#sure = button("button button-confirm", () => this.#decide(true), "grave");
    this.#keep = button("button button-keep", () => this.#decide(false));
    this.element.append(...this.#buttons.values(), this.#question, this.#keep, this.#sure);
  }

  draw(view: JobView, verbs: Offered[]): void {
    this.#last = { view, verbs };
    const moves = view.job?.moves ?? [];
    const live = view.connection.state === "live" || view.connection.lostAt === null;
    if (!moves.includes("cancel")) this.#asking = false;
    for (const [verb, element] of this.#buttons) {
      const asked = view.asked?.verb === verb;
      element.hidden = this.#asking || !verbs.includes(verb) || !(asked || moves.includes(verb));
      const name = asked ? this.#doing.text(ASKED[verb]) : this.#doing.text(verb);
      if (element.textContent !== name) element.textContent = name;
      attribute(element, "aria-disabled", live && view.asked === null ? null : "true");
      attribute(element, "title", live ? null : this.#doing.text("notLive"));
    }
    this.#ask();
    this.element.hidden = !this.#asking && [...this.#buttons.values()].every((element) => element.hidden);
  }

  #button(verb: Offered): HTMLButtonElement {
    const press = (element: HTMLButtonElement) => {
      if (element.getAttribute("aria-disabled") === "true") return;
      if (verb === "cancel") this.#begin();
      else this.#doing.act(verb);
    };
    return button(`button button-${verb}`, press);
  }

  #ask(): void {
    const texts: [HTMLElement, TextName][] = [
      [this.#question, "sure"],
      [this.#keep, "keep"],
      [this.#sure, "cancelNow"],
    ];
    for (const [element, name] of texts) {
      element.hidden = !this.#asking;
      element.textContent = this.#doing.text(name);
    }
  }

  /** What can not be undone is asked once more; the safe answer has the focus. */
  #begin(): void {
    this.#asking = true;
    this.#again();
    this.#keep.focus();
  }

  #decide(sure: boolean): void {
    this.#asking = false;
    if (sure) this.#doing.act("cancel");
    this.#again();
    this.#buttons.get("cancel")?.focus();
  }

  #again(): void {
    if (this.#last !== null) this.draw(this.#last.view, this.#last.verbs);
  }
}

function button(part: string, press: (element: HTMLButtonElement) => void, look = ""): HTMLButtonElement {
  const element = make("button", { type: "button", part, ...(look ? { class: look } : {}) });
  element.addEventListener("click", () => press(element));
  return element;
}
