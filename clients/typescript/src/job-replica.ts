/** A job as far as its stream has told: without a gap, and nothing twice. */

import type { Frame } from "./frame.js";
import { isOver } from "./frame.js";
import { deleted, problemFrom, Refused } from "./problem.js";
import type { After, Event, Job } from "./types.js";

/** Events that are kept. */
export const KEPT = 1000;

/** news: something has changed. known: nothing has. gap: events are missing, and it must be subscribed again. */
export type Taken = "news" | "known" | "gap";

type Told = Pick<Job, "version" | "state" | "progress">;

export class JobReplica {
  /** As the newest snapshot has it; state and progress may be newer, for those are told alone too. */
  job: Job | null = null;
  events: readonly Event[] = [];
  error: Refused | null = null;
  /** Nothing follows. */
  over = false;
  #last: number | null;
  #epoch = "";
  /** The newest snapshot. */
  #whole: Job | null = null;
  /** The last event that may have changed more than state and progress. */
  #moved = 0;

  constructor(after: After = null) {
    const { epoch, seq } = parted(after);
    this.#last = seq;
    this.#epoch = epoch;
  }

  /** By which what follows is asked for. */
  get cursor(): After {
    if (this.#last === null) return null;
    return this.#epoch === "" ? this.#last : `${this.#epoch}-${this.#last}`;
  }

  /** The number of the last event that is known; null before anything is. */
  get last(): number | null {
    return this.#last;
  }

  /** Whether something has happened since the newest snapshot that only another one shows. */
  get stale(): boolean {
    return !this.over && this.#whole !== null && this.#moved > this.#whole.events;
  }

  /** Whether it has all events after one. */
  reaches(after: After): boolean {
    const { epoch, seq } = parted(after);
    if (seq === null) return true;
    const same = epoch === "" || this.#epoch === "" || epoch === this.#epoch;
    return same && this.#last !== null && seq >= this.#last - this.events.length && seq <= this.#last;
  }

  /** What brings somebody who knows the events up to one to where this is. */
  told(after: After): Frame[] {
    if (this.error !== null) return [{ name: "error", data: this.error.problem }];
    if (this.job === null || this.#whole === null) return [];
    const known = parted(after).seq ?? this.#last ?? 0;
    const missing = this.events.filter((event) => event.seq > known);
    const first: Frame = { name: "snapshot", data: { ...this.#whole, events: known } };
    const rest = missing.map((event): Frame => ({ name: "event", id: `${this.#epoch}-${event.seq}`, data: event }));
    const { version, state, progress } = this.job;
    const newer: Frame[] = this.job === this.#whole ? [] : [{ name: "progress", data: { version, state, progress } }];
    const end: Frame[] = this.over ? [{ name: "end", data: this.#whole }] : [];
    return [first, ...rest, { name: "refresh", data: this.#whole }, ...newer, ...end];
  }

  /** The same job, for somebody who wants to hear its events from an earlier one on. */
  rewound(after: After): JobReplica {
    const one = new JobReplica(after);
    one.job = this.job;
    one.#whole = this.#whole;
    return one;
  }

  take(frame: Frame): Taken {
    switch (frame.name) {
      case "snapshot":
        return this.#snapshot(frame.data as Job);
      case "refresh":
        return this.#refresh(frame.data as Job);
      case "event":
        return this.#event(frame);
      case "progress":
        return this.#progress(frame.data as Told);
      case "reset":
        return this.#reset(frame);
      case "end":
        this.over = true;
        return this.#set(frame.data as Job);
      case "error":
        this.error = new Refused(problemFrom(frame.data));
        this.over = this.error.status < 500;
        return "news";
      default:
        return "known";
    }
  }

  #snapshot(job: Job): Taken {
    this.over = false;
    this.error = null;
    this.#last ??= job.events;
    return this.#set(job);
  }

  #refresh(job: Job): Taken {
    if (this.#whole !== null && isOlder(job, this.#whole)) return "known";
    this.error = null;
    if (!isOver(job)) this.over = false;
    return this.#set(job, this.job);
  }

  /** told: what is known of state and progress, which may be newer than the job. */
  #set(job: Job, told: Told | null = null): Taken {
    if (this.job === this.#whole && JSON.stringify(this.#whole) === JSON.stringify(job)) return "known";
    this.#whole = job;
    this.job = told !== null && told.version > job.version ? withTold(job, told) : job;
    return "news";
  }

  #event(frame: Frame): Taken {
    const event = frame.data as Event;
    if (this.#last !== null && event.seq <= this.#last) return "known";
    if (this.#last !== null && event.seq !== this.#last + 1) return "gap";
    this.#last = event.seq;
    this.#epoch = parted(frame.id ?? null).epoch || this.#epoch;
    if (event.kind !== "log") this.#moved = event.seq;
    const before = this.events.length >= KEPT ? this.events.slice(1 - KEPT) : this.events;
    this.events = [...before, event];
    return "news";
  }

  #progress(told: Told): Taken {
    if (this.job === null || told.version <= this.job.version) return "known";
    this.job = withTold(this.job, told);
    return "news";
  }

  #reset(frame: Frame): Taken {
    const told = frame.data as { job_id: string; reason: string; after: number };
    if (frame.id === undefined) {
      this.over = true;
      this.error = deleted(told.job_id);
      return "news";
    }
    this.events = [];
    this.#last = told.after;
    this.#moved = 0;
    this.#epoch = parted(frame.id).epoch;
    return "news";
  }
}

function withTold(job: Job, { version, state, progress }: Told): Job {
  return { ...job, version, state, progress };
}

function isOlder(job: Job, known: Job): boolean {
  return job.version < known.version || (job.version === known.version && job.events < known.events);
}

/** The database and the number that a cursor names. */
function parted(after: After): { epoch: string; seq: number | null } {
  if (after === null) return { epoch: "", seq: null };
  const text = String(after);
  const at = text.lastIndexOf("-");
  return { epoch: at < 0 ? "" : text.slice(0, at), seq: Number(text.slice(at + 1)) };
}
