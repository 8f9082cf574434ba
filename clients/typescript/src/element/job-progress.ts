/** <job-progress>: a job's live progress bar, on any page and without a build step. */

import { isOver } from "../frame.js";
import type { FollowedJob, JobView } from "../job-store.js";
import { Refused } from "../problem.js";
import { forget, recall, remember } from "../remembered.js";
import type { After, Job } from "../types.js";
import { Announcer, type Spoken } from "./announcer.js";
import { type Connected, connectionTo, ownServer } from "./connections.js";
import { type Offered, permitted } from "./controls.js";
import { style } from "./style.js";
import { filled, type TextName, type Texts, texts } from "./texts.js";
import { View } from "./view.js";

const TICK_MS = 1_000;
/** A server that renders pages has no elements, and may import what defines them. */
const Base = typeof HTMLElement === "undefined" ? (class {} as typeof HTMLElement) : HTMLElement;

/**
 * Attributes: job-id (by whatever the job is known), src (the server; else the one this was loaded from), token-url (of
 * the page's own back end: gives a token), storage-key (under which the job is found again after a reload), controls
 * ("pause cancel retry"; pause alone unless it says otherwise), compact, texts (JSON).
 *
 * Events: job-change and job-done, with the job as `detail.job`. It disconnects when it leaves the page; the job goes on.
 */
export class JobProgress extends Base {
  static readonly observedAttributes = ["job-id", "src", "token-url", "storage-key", "controls", "texts"];

  readonly #view: View;
  readonly #announcer = new Announcer((spoken, job) => this.#say(spoken, job));
  #texts: Partial<Texts> = {};
  #server: Connected | null = null;
  #followed: FollowedJob | null = null;
  #stop: (() => void) | null = null;
  #tick: ReturnType<typeof setInterval> | undefined;
  #told: Job | null = null;
  #done = false;
  #kept: After | undefined;
  #failed: Error | null = null;

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [style()];
    const text = (name: TextName) => this.#texts[name] ?? texts[name];
    this.#view = new View(root, { text, act: (verb) => void this.#act(verb) });
  }

  /** The job that is shown; null before it is known. */
  get job(): Job | null {
    return this.#followed?.view.getSnapshot().job ?? null;
  }

  get jobId(): string | null {
    return this.getAttribute("job-id");
  }

  set jobId(id: string | null) {
    if (id === null || id === "") this.removeAttribute("job-id");
    else this.setAttribute("job-id", id);
  }

  /** Texts in place of the usual ones. */
  get texts(): Partial<Texts> {
    return this.#texts;
  }

  set texts(given: Partial<Texts>) {
    this.#texts = given;
    this.#draw();
  }

  connectedCallback(): void {
    this.#begin();
  }

  disconnectedCallback(): void {
    this.#end();
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (before === now) return;
    if (name === "texts") this.texts = parsed(now);
    else if (!this.isConnected) return;
    else if (name === "controls") this.#draw();
    else {
      this.#end();
      this.#begin();
    }
  }

  #begin(): void {
    const key = this.getAttribute("storage-key");
    const kept = key === null ? null : recall(key);
    const id = this.jobId ?? kept?.id ?? null;
    if (id !== null) {
      const address = this.getAttribute("src") ?? ownServer(import.meta.url);
      this.#server = connectionTo(address, this.getAttribute("token-url"));
      this.#followed = this.#server.follow(id, kept?.id === id ? kept.cursor : null);
      this.#stop = this.#followed.view.subscribe(() => this.#changed());
      this.#followed.begin();
      this.#tick = setInterval(() => this.#draw(), TICK_MS);
    }
    this.#draw();
  }

  #end(): void {
    clearInterval(this.#tick);
    this.#stop?.();
    this.#followed?.end();
    this.#announcer.forget();
    this.#followed = null;
    this.#told = null;
    this.#done = false;
    this.#kept = undefined;
    this.#failed = null;
  }

  #changed(): void {
    const view = this.#followed?.view.getSnapshot();
    if (view === undefined) return;
    this.#draw();
    this.#keep(view);
    if (view.job === null || view.job === this.#told) return;
    this.#told = view.job;
    this.#announcer.look(view.job);
    this.#tell("job-change", view.job);
    if (!isOver(view.job)) this.#done = false;
    else if (!this.#done) {
      this.#done = true;
      this.#tell("job-done", view.job);
    }
  }

  /** The job is found again after a reload, until its end was shown. */
  #keep({ job, error }: JobView): void {
    const key = this.getAttribute("storage-key");
    if (key === null) return;
    const gone = error instanceof Refused && (error.status === 404 || error.status === 410);
    const seen = document.visibilityState !== "hidden";
    if (gone || (job !== null && isOver(job) && seen)) forget(key);
    else if (job !== null && this.#followed?.cursor !== this.#kept) {
      this.#kept = this.#followed?.cursor ?? null;
      remember(key, job, this.#kept);
    }
  }

  #draw(): void {
    const view = this.#followed?.view.getSnapshot() ?? null;
    const shown =
      view === null || this.#failed === null ? view : { ...view, error: refusal(this.#failed) ?? view.error };
    const now = this.#server?.clock.now() ?? Date.now();
    this.#view.draw({ view: shown, now, controls: permitted(this.getAttribute("controls")) });
  }

  async #act(verb: Offered): Promise<void> {
    this.#failed = null;
    try {
      const asked = this.#followed?.act(verb, {});
      this.#draw();
      await asked;
    } catch (error) {
      this.#failed = error instanceof Error ? error : null;
    }
    this.#draw();
  }

  #say(spoken: Spoken, job: Job): void {
    const text = (name: TextName) => this.#texts[name] ?? texts[name];
    const now = this.#server?.clock.now() ?? Date.now();
    if (spoken.kind === "reached") this.#view.say(filled(text("reached"), { job: job.name, percent: spoken.percent }));
    else if (spoken.kind === "became") {
      this.#view.say(filled(text("became"), { job: job.name, state: this.#view.word(spoken.state) }));
    } else this.#view.say(filled(text("stands"), { job: job.name, stalled: this.#view.stalled(job, now) }));
  }

  #tell(name: "job-change" | "job-done", job: Job): void {
    this.dispatchEvent(new CustomEvent(name, { detail: { job }, bubbles: true, composed: true }));
  }
}

function refusal(error: Error): Refused | null {
  return error instanceof Refused ? error : null;
}

function parsed(text: string | null): Partial<Texts> {
  const given: unknown = text === null ? {} : JSON.parse(text);
  return typeof given === "object" && given !== null ? given : {};
}
