/** What a screen reader says of a job: at a quarter, a half and three quarters, on a new state and on a stall. */

import { steady } from "../clock.js";
import type { Job } from "../types.js";

const SHORTEST_MS = 30_000;
/** So long a state that leads to another one is not said: that one is. */
const SETTLES_MS = 10_000;
const PASSING = new Set(["pending", "pausing", "cancelling"]);
const MILESTONES = [25, 50, 75];

export type Spoken = { kind: "reached"; percent: number } | { kind: "became"; state: string } | { kind: "stands" };

/** Says at most one thing in 30 s: what came meanwhile is said then, the newest alone. */
export class Announcer {
  readonly #say: (spoken: Spoken, job: Job) => void;
  #before: { state: string; percent: number; stalled: boolean } | null = null;
  #saidAt = Number.NEGATIVE_INFINITY;
  #next: { spoken: Spoken; job: Job } | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(say: (spoken: Spoken, job: Job) => void) {
    this.#say = say;
  }

  /** Looks at a job as it is now. What it was when it was first seen is not said. */
  look(job: Job): void {
    const now = {
      state: job.state,
      percent: job.progress?.percent ?? 0,
      stalled: job.progress?.stalled_since != null,
    };
    const before = this.#before;
    this.#before = now;
    if (before === null) return;
    const reached = MILESTONES.findLast((mark) => before.percent < mark && now.percent >= mark);
    if (now.state !== before.state) this.#want({ kind: "became", state: now.state }, job);
    else if (now.stalled && !before.stalled) this.#want({ kind: "stands" }, job);
    else if (reached !== undefined) this.#want({ kind: "reached", percent: reached }, job);
  }

  /** Another job: nothing of the one before is said any more. */
  forget(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#next = null;
    this.#before = null;
  }

  #want(spoken: Spoken, job: Job): void {
    this.#next = { spoken, job };
    const passes = spoken.kind === "became" && PASSING.has(spoken.state);
    const wait = Math.max(this.#saidAt + SHORTEST_MS - steady(), passes ? SETTLES_MS : 0);
    clearTimeout(this.#timer);
    if (wait <= 0) this.#speak();
    else this.#timer = setTimeout(() => this.#speak(), wait);
  }

  #speak(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const next = this.#next;
    this.#next = null;
    if (next === null) return;
    this.#saidAt = steady();
    this.#say(next.spoken, next.job);
  }
}
