/** The client: calls, and what is followed. */

import { ServerClock } from "./clock.js";
import { announce, type Callbacks, type Connection } from "./connection.js";
import { keyOf } from "./frame.js";
import { Http, type TokenSource } from "./http.js";
import { FollowedJob, type JobStore, jobStore } from "./job-store.js";
import { FollowedJobs, type JobsStore, jobsStore } from "./jobs-store.js";
import type { Live } from "./live.js";
import { aloneOver, sharedOver } from "./live-over.js";
import { watchPage } from "./page.js";
import { type Rest, restOver } from "./rest.js";
import { keepTime } from "./timekeeping.js";
import type { ActOptions, After, Job, JobFilter, NewJob, Store, Verb } from "./types.js";
import { act } from "./verbs.js";

export interface ClientOptions {
  /** Where the server is: "" (the origin of the page), a mount prefix, or an origin. */
  baseUrl?: string;
  /** Gives a token. Asked before every connection, and for calls after half a minute: it may be a short one. */
  token?: TokenSource;
  /** The session in which to act; else the browser's own. */
  session?: string;
  /** Whether the tabs of this browser share one connection. Default: true. */
  shared?: boolean;
  callbacks?: Callbacks;
}

export interface Client {
  readonly rest: Rest;
  /** Follows one job, by whatever it is known by. after: the last event that is known, 0 for the whole history. */
  followJob(id: string, options?: { after?: After }): JobStore;
  /** Follows the newest jobs that fit. */
  followJobs(filter?: JobFilter): JobsStore;
  act(verb: Verb, id: string, options?: ActOptions): Promise<Job>;
  /** key: the same key and job within 24 hours are submitted once. */
  submit(job: NewJob, options?: { key?: string }): Promise<Job>;
  readonly connection: Store<Connection>;
  /** Milliseconds since 1970 by the server's clock. */
  now(): number;
  /** Tries to connect at once, where it waits to. */
  retryNow(): void;
  /** Disconnects. Jobs go on. */
  close(): void;
}

/** How long a topic is kept after nobody follows it: a page that is drawn anew comes back at once. */
const LINGER_MS = 1_000;

export function createClient(options: ClientOptions = {}): Client {
  const http = new Http({ baseUrl: options.baseUrl ?? "", token: options.token, session: options.session });
  const clock = new ServerClock();
  const live = options.shared === false ? aloneOver(http, clock) : sharedOver(http, clock);
  return new WebClient(http, clock, live, options.callbacks ?? {});
}

class WebClient implements Client {
  readonly rest: Rest;
  readonly #http: Http;
  readonly #clock: ServerClock;
  readonly #live: Live;
  readonly #followed = new Map<string, Shared<FollowedJob | FollowedJobs>>();
  readonly #stops: (() => void)[];

  constructor(http: Http, clock: ServerClock, live: Live, callbacks: Callbacks) {
    this.rest = restOver(http);
    this.#http = http;
    this.#clock = clock;
    this.#live = live;
    this.#stops = [announce(live.connection, callbacks), watchPage(live), keepTime(http, clock, live)];
  }

  get connection(): Store<Connection> {
    return this.#live.connection;
  }

  followJob(id: string, { after = null }: { after?: After } = {}): JobStore {
    const asked = (verb: Verb, job: string, given: ActOptions) => this.act(verb, job, given);
    const make = () => new FollowedJob(id, after, this.#live, this.#clock, asked);
    const shared = this.#shared(keyOf({ job: id }), make) as Shared<FollowedJob>;
    shared.one.reach(after);
    return jobStore(shared.one, shared.take());
  }

  followJobs(filter: JobFilter = {}): JobsStore {
    const make = () => new FollowedJobs(filter, this.#live, this.#clock);
    const shared = this.#shared(keyOf({ jobs: filter }), make) as Shared<FollowedJobs>;
    return jobsStore(shared.one, shared.take());
  }

  async act(verb: Verb, id: string, options: ActOptions = {}): Promise<Job> {
    const answer = await act(this.#http, verb, id, options);
    this.#learn(answer);
    if (verb === "rollback") void this.#readAgain(id);
    return answer;
  }

  submit(job: NewJob, { key }: { key?: string } = {}): Promise<Job> {
    return this.#http.json("POST", "/jobs", { body: job, key });
  }

  now(): number {
    return this.#clock.now();
  }

  retryNow(): void {
    this.#live.retryNow();
  }

  close(): void {
    for (const shared of this.#followed.values()) shared.end();
    for (const stop of this.#stops) stop();
    this.#live.close();
  }

  /** Whoever follows the job that was answered hears of it, also where its stream had ended. */
  #learn(job: Job): void {
    for (const { one } of this.#followed.values()) if (one instanceof FollowedJob) one.learn(job);
  }

  /** The answer was another job, and the one that was meant has moved too. */
  async #readAgain(id: string): Promise<void> {
    try {
      this.#learn(await this.#http.json<Job>("GET", `/jobs/${encodeURIComponent(id)}`));
    } catch {
      // what is known stands; the next look at the page reads it again
    }
  }

  #shared(key: string, make: () => FollowedJob | FollowedJobs): Shared<FollowedJob | FollowedJobs> {
    const known = this.#followed.get(key);
    if (known !== undefined) return known;
    const shared = new Shared(make(), () => this.#followed.delete(key));
    this.#followed.set(key, shared);
    return shared;
  }
}

/** Begins with the first who wants it, and ends a moment after the last. */
class Shared<T extends { begin(): void; end(): void }> {
  readonly one: T;
  readonly #gone: () => void;
  #count = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(one: T, gone: () => void) {
    this.one = one;
    this.#gone = gone;
  }

  /** Returns what gives it back. */
  take(): () => void {
    clearTimeout(this.#timer);
    this.#count += 1;
    this.one.begin();
    let taken = true;
    return () => {
      if (!taken) return;
      taken = false;
      this.#count -= 1;
      if (this.#count === 0) this.#timer = setTimeout(() => this.end(), LINGER_MS);
    };
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#gone();
    this.one.end();
  }
}
