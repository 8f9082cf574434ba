/**
 * The rows of the list: pages that were read, patched in place by the live window of the newest jobs.
 *
 * Rows never move while somebody reads. What is new waits in `newer` until it is taken; what does not fit the query any
 * more keeps its place, marked as left.
 */

import type { Connection, Job, JobsStore, Refused, Unreachable } from "@headway/client";
import type { Sort } from "./address";

export const PAGE = 100;
/** The newest jobs that are followed live, which is the most that one stream takes. */
export const WINDOW = 500;
/** A row that is shown but not followed is read again after so many milliseconds. */
const STALE = 5_000;
/** Rows that are read again at a time. */
const MOST_READS = 4;

export interface Page {
  jobs: Job[];
  next: string | null;
}

/** Where rows come from. */
export interface Source {
  page(asked: { q: string; sort: Sort; after: string | null; limit: number }): Promise<Page>;
  one(id: string): Promise<Job>;
  live(q: string): JobsStore;
  /** Milliseconds since 1970. */
  now(): number;
}

export type Trouble = Refused | Unreachable | Error;

/** What the table draws; rows themselves are looked up one by one. */
export interface ListView {
  ids: readonly string[];
  /** Jobs that came since, and are not shown yet. */
  newer: number;
  /** Jobs that the list would still show, but that fit its query no more. */
  left: ReadonlySet<string>;
  state: "loading" | "ready" | "failed";
  reading: boolean;
  more: boolean;
  error: Trouble | null;
  asOf: number | null;
  connection: Connection | null;
}

const NOTHING: ListView = {
  ids: [],
  newer: 0,
  left: new Set(),
  state: "loading",
  reading: false,
  more: false,
  error: null,
  asOf: null,
  connection: null,
};

export class JobList {
  private view = NOTHING;
  private readonly jobs = new Map<string, Job>();
  private readonly listeners = new Set<() => void>();
  private readonly readAt = new Map<string, number>();
  private readonly reading = new Set<string>();
  /** The cursor of each page that was read, with the index of its first row. */
  private pages: { cursor: string | null; first: number }[] = [];
  private next: string | null = null;
  private loadedAt = 0;
  private live: JobsStore | null = null;
  private followed: ReadonlySet<string> = new Set();
  private stopFollowing = () => {};
  private openings = 0;

  constructor(
    private readonly source: Source,
    readonly query: string,
    readonly sort: Sort,
    readonly start: string | null,
  ) {}

  readonly getSnapshot = (): ListView => this.view;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly job = (id: string): Job | undefined => this.jobs.get(id);

  /** Reads the first page once, and follows the newest jobs until it is closed as often as it was opened. */
  open(): () => void {
    this.openings += 1;
    if (this.openings === 1) this.begin();
    let open = true;
    return () => {
      if (!open) return;
      open = false;
      this.openings -= 1;
      if (this.openings === 0) this.rest();
    };
  }

  /** Reads the first page again: the rows that are shown stay until the new ones are there. */
  async restart(): Promise<void> {
    await this.read(this.start, (page, cursor) => {
      this.pages = [{ cursor, first: 0 }];
      this.loadedAt = this.source.now();
      for (const job of page.jobs) this.put(job);
      this.show({ ids: page.jobs.map((job) => job.id), left: new Set(), newer: 0, state: "ready" });
    });
    if (this.view.state === "ready" && this.openings > 0) this.follow();
  }

  /** Reads the next page, unless that is under way. */
  async readMore(): Promise<void> {
    const cursor = this.next;
    if (cursor === null || this.view.reading || this.view.state !== "ready") return;
    await this.read(cursor, (page) => {
      this.pages.push({ cursor, first: this.view.ids.length });
      for (const job of page.jobs) this.put(job);
      const known = new Set(this.view.ids);
      const added = page.jobs.map((job) => job.id).filter((id) => !known.has(id));
      this.show({ ids: [...this.view.ids, ...added] });
    });
  }

  /** Shows what is new, without what fits no more. The rows that stay do not change their order. */
  async take(): Promise<void> {
    this.tidy();
    const fresh = this.fresh();
    if (this.sort !== "-created" || fresh.length >= WINDOW || this.live === null) {
      await this.restart();
      return;
    }
    for (const job of fresh) this.put(job);
    this.pages = this.pages.map(({ cursor, first }, i) => ({ cursor, first: i === 0 ? 0 : first + fresh.length }));
    this.show({ ids: this.merged([...fresh.map((job) => job.id), ...this.view.ids]), newer: 0 });
  }

  /** Takes out the rows that fit no more. */
  tidy(): void {
    const { ids, left } = this.view;
    if (left.size === 0) return;
    const gone = (first: number) => ids.slice(0, first).filter((id) => left.has(id)).length;
    this.pages = this.pages.map(({ cursor, first }) => ({ cursor, first: first - gone(first) }));
    this.show({ ids: ids.filter((id) => !left.has(id)), left: new Set() });
  }

  /** Rows that are on the screen: those that nothing follows are read again from time to time. */
  look(ids: readonly string[]): void {
    const now = this.source.now();
    for (const id of ids) {
      if (this.reading.size >= MOST_READS) return;
      if (this.isStale(id, now)) void this.readOne(id, now);
    }
  }

  /** The number of the newest job that is known to fit the query. */
  newest(): number | null {
    const live = this.live?.getSnapshot().jobs ?? [];
    const numbers = [...live.map((job) => job.number), ...this.view.ids.map((id) => this.jobs.get(id)?.number ?? 0)];
    return numbers.length === 0 ? null : numbers.reduce((most, number) => Math.max(most, number));
  }

  /** The cursor of the page that holds a row, null for the first one of all. */
  cursorAt(index: number): string | null {
    return this.pages.findLast((page) => page.first <= index)?.cursor ?? this.start;
  }

  /** Whether the page with this cursor was read. */
  reaches(cursor: string | null): boolean {
    return cursor === this.start || this.pages.some((page) => page.cursor === cursor);
  }

  /** The first row of the page before or behind a row; behind the last page the index of the last row. */
  pageFrom(index: number, direction: 1 | -1): number {
    const firsts = this.pages.map((page) => page.first);
    const found = direction > 0 ? firsts.find((first) => first > index) : firsts.findLast((first) => first < index);
    return found ?? (direction > 0 ? Math.max(0, this.view.ids.length - 1) : 0);
  }

  /** A job as the server has just answered it. */
  accept(job: Job): void {
    if (this.jobs.has(job.id) && this.put(job)) this.tell();
  }

  private begin(): void {
    if (this.view.state === "ready") this.follow();
    else void this.restart();
  }

  private rest(): void {
    this.stopFollowing();
    this.live?.close();
    this.live = null;
    this.followed = new Set();
  }

  private async read(cursor: string | null, accept: (page: Page, cursor: string | null) => void): Promise<void> {
    this.show({ reading: true, error: null });
    try {
      const page = await this.source.page({ q: this.query, sort: this.sort, after: cursor, limit: PAGE });
      this.next = page.next;
      accept(page, cursor);
      this.show({ reading: false, more: page.next !== null, asOf: this.source.now() });
    } catch (problem) {
      const error = problem instanceof Error ? problem : new Error(String(problem));
      this.show({ reading: false, error, state: this.view.state === "ready" ? "ready" : "failed" });
    }
  }

  private follow(): void {
    if (this.live !== null) return;
    this.live = this.source.live(this.query);
    this.stopFollowing = this.live.subscribe(() => this.onLive());
    this.onLive();
  }

  private onLive(): void {
    if (this.live === null) return;
    const { jobs, known, connection, asOf } = this.live.getSnapshot();
    if (!known) {
      this.show({ connection });
      return;
    }
    let changed = false;
    for (const job of jobs) changed = (this.jobs.has(job.id) && this.put(job)) || changed;
    const left = this.leftBy(jobs);
    this.followed = new Set(jobs.map((job) => job.id));
    const newer = this.start === null ? this.fresh().length : 0;
    const before = this.view;
    this.view = { ...before, connection, asOf, newer, left };
    if (changed || !alike(before, this.view)) this.tell();
    else this.view = before;
    if (newer > 0 && before.ids.length === 0 && before.state === "ready") void this.take();
  }

  /** Rows that were followed and fit no more. Those that only became too old for the window are none. */
  private leftBy(jobs: readonly Job[]): ReadonlySet<string> {
    const oldest = jobs.length >= WINDOW ? jobs[jobs.length - 1] : undefined;
    const here = new Set(jobs.map((job) => job.id));
    const left = new Set([...this.view.left].filter((id) => !here.has(id)));
    for (const id of this.followed) {
      const job = this.jobs.get(id);
      if (here.has(id) || job === undefined || (oldest !== undefined && job.number < oldest.number)) continue;
      left.add(id);
      this.readAt.delete(id);
    }
    return left.size === this.view.left.size && [...left].every((id) => this.view.left.has(id)) ? this.view.left : left;
  }

  /** Jobs of the live window that are not shown, though the rows that were read reach as far as them. */
  private fresh(): Job[] {
    const jobs = this.live?.getSnapshot().jobs ?? [];
    if (this.view.state !== "ready") return [];
    const shown = new Set(this.view.ids);
    const last = this.jobs.get(this.view.ids[this.view.ids.length - 1] ?? "");
    const reached = (job: Job) =>
      this.sort === "-created"
        ? !this.view.more || last === undefined || job.number > last.number
        : Date.parse(job.state_since) > this.loadedAt;
    return jobs.filter((job) => !shown.has(job.id) && reached(job));
  }

  private merged(ids: string[]): string[] {
    const number = (id: string) => this.jobs.get(id)?.number ?? 0;
    return ids.sort((a, b) => number(b) - number(a));
  }

  private isStale(id: string, now: number): boolean {
    const job = this.jobs.get(id);
    if (job === undefined || this.reading.has(id) || this.followed.has(id)) return false;
    const left = this.view.left.has(id);
    if (job.ended_at !== null && !(left && !this.readAt.has(id))) return false;
    return now - (this.readAt.get(id) ?? (left ? 0 : this.loadedAt)) > STALE;
  }

  private async readOne(id: string, now: number): Promise<void> {
    this.reading.add(id);
    this.readAt.set(id, now);
    try {
      this.accept(await this.source.one(id));
    } catch {
      // The row stays as it was last known: the bar of the live connection tells that nothing is heard, and a job that
      // is deleted is marked as left.
    } finally {
      this.reading.delete(id);
    }
  }

  /** Whether something newer was put in place. */
  private put(job: Job): boolean {
    const known = this.jobs.get(job.id);
    if (known === job || (known !== undefined && known.version >= job.version)) return false;
    this.jobs.set(job.id, job);
    return true;
  }

  private show(changed: Partial<ListView>): void {
    this.view = { ...this.view, ...changed };
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

/** Whether there is nothing new to draw besides rows; the time of the last message alone is nothing. */
function alike(before: ListView, now: ListView): boolean {
  return before.connection === now.connection && before.newer === now.newer && before.left === now.left;
}
