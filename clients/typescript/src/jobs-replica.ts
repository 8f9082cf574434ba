/** A listing as far as its stream has told. Jobs that have not changed stay the same objects. */

import type { Frame } from "./frame.js";
import { problemFrom, Refused } from "./problem.js";
import type { Job } from "./types.js";

export class JobsReplica {
  error: Refused | null = null;
  /** Nothing follows. */
  over = false;
  /** Whether it was told as a whole. */
  known = false;
  #jobs = new Map<string, Job>();
  #sorted: readonly Job[] | null = [];

  /** Newest first. */
  get jobs(): readonly Job[] {
    this.#sorted ??= [...this.#jobs.values()].sort((one, other) => other.number - one.number);
    return this.#sorted;
  }

  /** What brings somebody who knows nothing to where this is. */
  told(): Frame[] {
    if (this.error !== null) return [{ name: "error", data: this.error.problem }];
    return this.known ? [{ name: "snapshot", data: { jobs: this.jobs } }] : [];
  }

  /** Returns whether anything has changed. */
  take(frame: Frame): boolean {
    switch (frame.name) {
      case "snapshot":
        return this.#whole((frame.data as { jobs: Job[] }).jobs);
      case "job":
        return this.#put(frame.data as Job);
      case "gone":
        return this.#drop(frame.data as { id: string; version: number });
      case "error":
        this.error = new Refused(problemFrom(frame.data));
        this.over = this.error.status < 500;
        return true;
      default:
        return false;
    }
  }

  #whole(jobs: readonly Job[]): boolean {
    const before = this.#jobs;
    this.#jobs = new Map(jobs.map((job) => [job.id, same(before.get(job.id), job)]));
    this.known = true;
    this.over = false;
    this.error = null;
    this.#sorted = null;
    return true;
  }

  #put(job: Job): boolean {
    const known = this.#jobs.get(job.id);
    if (known !== undefined && known.version >= job.version) return false;
    this.#jobs.set(job.id, job);
    this.#sorted = null;
    return true;
  }

  #drop({ id, version }: { id: string; version: number }): boolean {
    const known = this.#jobs.get(id);
    if (known === undefined || known.version > version) return false;
    this.#jobs.delete(id);
    this.#sorted = null;
    return true;
  }
}

function same(known: Job | undefined, job: Job): Job {
  return known !== undefined && known.version === job.version ? known : job;
}
