/** What <job-progress> shows of a job. */

import type { JobView } from "../job-store.js";
import { Refused } from "../problem.js";
import type { Job, Progress } from "../types.js";
import { ago, counted, duration, timeLeft } from "../words.js";
import { Controls, type Doing, type Offered } from "./controls.js";
import { attribute, make, shape, write } from "./dom.js";
import { shapeOf } from "./shapes.js";
import { toneOf } from "./style.js";
import { filled, type TextName } from "./texts.js";

export interface Shown {
  view: JobView | null;
  /** Milliseconds since 1970 by the server's clock. */
  now: number;
  controls: Offered[];
}

export class View {
  readonly #text: (name: TextName) => string;
  readonly #controls: Controls;
  readonly #name = make("span", { class: "name", part: "name", id: "name" });
  readonly #word = make("span");
  readonly #shape = shape();
  readonly #status = make("span", { class: "status", part: "status" }, this.#shape.svg, this.#word);
  readonly #bar = make("div", { class: "bar", part: "bar" });
  readonly #track = make(
    "div",
    { class: "track", part: "track", role: "progressbar", "aria-labelledby": "name", "aria-valuemin": "0" },
    this.#bar,
  );
  readonly #counted = make("span", { part: "counted" });
  readonly #left = make("span", { part: "left" });
  readonly #message = make("div", { class: "message", part: "message" });
  readonly #trouble = make("div", { class: "trouble", part: "error" });
  readonly #lost = make("span");
  readonly #offline = make("div", { class: "offline", part: "offline" }, make("slot", { name: "offline" }, this.#lost));
  readonly #nothing = make("span");
  readonly #empty = make("div", { part: "empty" }, make("slot", { name: "empty" }, this.#nothing));
  readonly #box = make("div", { class: "box", part: "box" });
  /** Apart from the bar, which is not read out by itself. */
  readonly #spoken = make("div", { class: "spoken", part: "spoken", role: "status", "aria-live": "polite" });

  constructor(root: ShadowRoot, doing: Doing) {
    this.#text = doing.text;
    this.#controls = new Controls(doing);
    this.#box.append(
      make("div", { class: "head" }, this.#name, this.#status),
      this.#track,
      make("div", { class: "text", part: "text" }, this.#counted, this.#left),
      ...[this.#message, this.#trouble, this.#offline, this.#controls.element],
    );
    root.append(this.#empty, this.#box, this.#spoken);
  }

  say(text: string): void {
    this.#spoken.textContent = text;
  }

  /** view: null where there is no job. */
  draw({ view, now, controls }: Shown): void {
    this.#empty.hidden = view !== null;
    this.#box.hidden = view === null;
    write(this.#nothing, this.#text("empty"));
    if (view === null) return;
    const lost = view.connection.lostAt;
    this.#box.classList.toggle("frozen", lost !== null);
    this.#offline.hidden = lost === null;
    if (lost !== null)
      write(this.#lost, filled(this.#text("offline"), { ago: ago((now - lost) / 1000), at: time(lost) }));
    write(this.#trouble, this.#wrong(view));
    this.#controls.draw(view, controls);
    if (view.job === null) this.#loading(view);
    else this.#job(view.job, now, lost !== null);
  }

  #loading(view: JobView): void {
    write(this.#name, view.error === null ? this.#text("loading") : this.#text("job"));
    for (const one of [this.#status, this.#track, this.#message]) one.hidden = true;
    write(this.#counted, "");
    write(this.#left, "");
  }

  #job(job: Job, now: number, lost: boolean): void {
    write(this.#name, job.name);
    this.#status.hidden = false;
    attribute(this.#box, "data-tone", toneOf(job.state));
    attribute(this.#box, "data-state", job.state);
    write(this.#word, this.word(job.state));
    attribute(this.#shape.path, "d", shapeOf(job.state));
    const percent = job.state === "completed" ? 100 : (job.progress?.percent ?? null);
    const told = this.#told(job, now, lost);
    this.#progress(job, percent, [told.counted, told.left].filter(Boolean).join(", "));
    write(this.#counted, told.counted);
    write(this.#left, told.left);
    const said = job.state === "completed" ? null : job.progress;
    write(this.#message, said?.note ?? said?.message ?? "");
  }

  #progress(job: Job, percent: number | null, text: string): void {
    const total = job.state === "completed" ? null : (job.progress?.total ?? null);
    this.#track.hidden = job.ended_at !== null && percent === null;
    this.#track.classList.toggle("open", percent === null);
    this.#track.classList.toggle("still", job.state !== "running");
    this.#bar.style.inlineSize = percent === null ? "" : `${percent}%`;
    const counts = total !== null && total > 0 && !job.progress?.of_phase;
    const now = counts ? Math.min(job.progress?.done ?? 0, total) : percent;
    attribute(this.#track, "aria-valuenow", now === null ? null : String(now));
    attribute(this.#track, "aria-valuemax", now === null ? null : String(counts ? total : 100));
    attribute(this.#track, "aria-valuetext", text || this.word(job.state));
  }

  #told(job: Job, now: number, lost: boolean): { counted: string; left: string } {
    const progress = job.progress;
    if (progress === null) return { counted: "", left: "" };
    const percent = progress.percent === null ? "" : filled(this.#text("percent"), { percent: progress.percent });
    const text = counted(progress) || percent;
    if (job.state !== "running") return { counted: text, left: "" };
    if (lost) return { counted: text, left: this.#text("noSignal") };
    return { counted: text, left: this.stalled(job, now) || this.#time(progress, now) };
  }

  #time(progress: Progress, now: number): string {
    if (progress.eta === null) return "";
    const left = timeLeft(progress.eta, now);
    if (left === null) return filled(this.#text("ends"), { at: new Date(progress.eta.at * 1000).toLocaleString() });
    return filled(this.#text("left"), { time: left });
  }

  /** How long nothing has moved; empty where all is well. */
  stalled(job: Job, now: number): string {
    const since = job.progress?.stalled_since ?? null;
    if (since === null) return "";
    const from = job.progress?.last_progress_at ?? since;
    return filled(this.#text("stalled"), { time: duration(now / 1000 - from) });
  }

  /** The word for a state. */
  word(state: string): string {
    return this.#text(state as TextName) ?? state;
  }

  #wrong({ error, job }: JobView): string {
    if (error instanceof Refused && error.denies) return filled(this.#text("denied"), { why: error.detail });
    if (error instanceof Refused && [404, 410].includes(error.status)) return this.#text("gone");
    if (error !== null) return filled(this.#text("refused"), { why: error.message });
    return job?.error?.message ?? "";
  }
}

function time(ms: number): string {
  return new Date(ms).toLocaleTimeString();
}
