/** The client: calls, and what is followed. */

import { sharedName } from "./caller.js";
import type { OpenCarrier } from "./carrier.js";
import type { Channel } from "./channel.js";
import { ServerClock } from "./clock.js";
import { announce, type Callbacks, type Connection } from "./connection.js";
import { openStreams } from "./event-stream.js";
import { keyOf } from "./frame.js";
import { Http, type TokenSource } from "./http.js";
import { FollowedJob, type JobStore, jobStore } from "./job-store.js";
import { FollowedJobs, type JobsStore, jobsStore } from "./jobs-store.js";
import { Line } from "./line.js";
import { Lines } from "./lines.js";
import { type Live, Switchboard } from "./live.js";
import { type Rest, restOver } from "./rest.js";
import { SharedLive } from "./sharing.js";
import { openSocket } from "./socket.js";
import { StartingLive } from "./starting.js";
import type { ActOptions, After, Job, JobFilter, NewJob, Store, Verb } from "./types.js";

export interface ClientOptions {
  /** Where the server is: "" (the origin of the page), a mount prefix, or an origin. */
  baseUrl?: string;
  /** Gives a token. Called before every call and every connection, so that it may be a short one. */
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
  const alone = () => aloneOver(http, clock);
  const live = options.shared === false || !canShare() ? alone() : new StartingLive(() => shared(http, clock, alone));
  return new WebClient(http, clock, live, options.callbacks ?? {});
}

function aloneOver(http: Http, clock: ServerClock): Live {
  const socket: OpenCarrier = (carried) => openSocket(http, carried);
  const stream: OpenCarrier = (carried) => openStreams(http, carried);
  return new Switchboard(new Lines(() => new Line(http, clock, { socket, stream })), http);
}

/** Pages that are not served securely have no locks. */
function canShare(): boolean {
  return (
    typeof BroadcastChannel !== "undefined" &&
    typeof navigator !== "undefined" &&
    "locks" in navigator &&
    isSecureContext
  );
}

async function shared(http: Http, clock: ServerClock, lead: () => Live): Promise<Live> {
  try {
    const name = await sharedName(http);
    const channel = (named: string): Channel => new BroadcastChannel(named);
    const follows = () => void http.learnTime(clock).catch(() => undefined); // it is the clock of this machine then
    return new SharedLive({ name, locks: navigator.locks, channel, lead, follows });
  } catch {
    return lead(); // there is no token just now, so nobody knows with whom to share
  }
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
    this.#stops = [announce(live.connection, callbacks), watchPage(live)];
  }

  get connection(): Store<Connection> {
    return this.#live.connection;
  }

  followJob(id: string, { after = null }: { after?: After } = {}): JobStore {
    const act = (verb: Verb, job: string, options: ActOptions) => this.act(verb, job, options);
    const make = () => new FollowedJob(id, after, this.#live, this.#clock, act);
    const shared = this.#shared(keyOf({ job: id }), make) as Shared<FollowedJob>;
    shared.one.reach(after);
    return jobStore(shared.one, shared.take());
  }

  followJobs(filter: JobFilter = {}): JobsStore {
    const make = () => new FollowedJobs(filter, this.#live, this.#clock);
    const shared = this.#shared(keyOf({ jobs: filter }), make) as Shared<FollowedJobs>;
    return jobsStore(shared.one, shared.take());
  }

  act(verb: Verb, id: string, options: ActOptions = {}): Promise<Job> {
    const path = `/jobs/${encodeURIComponent(id)}`;
    if (verb === "delete") return this.#http.json("DELETE", path);
    return this.#http.json("POST", `${path}/${verb}`, { body: options });
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

/** Looks again when the page is seen again or the network is back. Returns what ends that. */
function watchPage(live: Live): () => void {
  if (typeof document === "undefined") return () => undefined;
  const seen = () => document.visibilityState === "visible" && live.look();
  const back = () => live.retryNow();
  const away = () => live.look();
  document.addEventListener("visibilitychange", seen);
  addEventListener("online", back);
  addEventListener("offline", away);
  addEventListener("pageshow", back);
  return () => {
    document.removeEventListener("visibilitychange", seen);
    removeEventListener("online", back);
    removeEventListener("offline", away);
    removeEventListener("pageshow", back);
  };
}
