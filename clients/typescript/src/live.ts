/** What is followed in this browser tab: one subscription for each topic, however many want it. */

import { steady } from "./clock.js";
import type { Connection } from "./connection.js";
import { type Frame, type Hear, keyOf, type Topic } from "./frame.js";
import type { Http } from "./http.js";
import { JobReplica } from "./job-replica.js";
import { JobsReplica } from "./jobs-replica.js";
import type { Lines } from "./lines.js";
import { Refused } from "./problem.js";
import { soon } from "./soon.js";
import type { After, Job, Store } from "./types.js";

/** One who follows a topic. */
export interface Following {
  /** Events are missing: tells what comes after one once more. */
  again(after: After): void;
  /** The job was read elsewhere, in the answer to a verb. */
  refresh(job: Job): void;
  leave(): void;
}

/** Follows topics, by a connection of its own or by that of another tab. */
export interface Live {
  readonly connection: Store<Connection>;
  /** Tells first what is known, then what is new. */
  follow(topic: Topic, after: After, hear: Hear): Following;
  /** The page is seen again: makes sure of the connection, and of what is shown. */
  look(): void;
  /** Does what timers should have done by now. */
  wake(): void;
  retryNow(): void;
  close(): void;
}

/** Reads of one job after it has moved: its stream tells that it has, and its snapshot what it is like now. */
const READ_AFTER_MS = 50;
const READ_AGAIN_MS = 500;
const READ_AFTER_FAILURE_MS = 5_000;

class Room {
  readonly topic: Topic;
  readonly replica: JobReplica | JobsReplica;
  readonly listeners = new Set<Hear>();
  reading: ReturnType<typeof setTimeout> | undefined;
  readAt = Number.NEGATIVE_INFINITY;
  from: After | undefined;
  #untold: Frame[] = [];

  constructor(topic: Topic, after: After) {
    this.topic = topic;
    this.replica = "job" in topic ? new JobReplica(after) : new JobsReplica();
  }

  /** Tells all that comes at one moment together: a listing may have hundreds of changes. */
  tell(frame: Frame): void {
    this.#untold.push(frame);
    if (this.#untold.length > 1) return;
    soon(() => {
      const frames = this.#untold;
      this.#untold = [];
      for (const hear of [...this.listeners]) hear(frames);
    });
  }
}

export class Switchboard implements Live {
  readonly #lines: Lines;
  readonly #http: Http;
  readonly #rooms = new Map<string, Room>();

  constructor(lines: Lines, http: Http) {
    this.#lines = lines;
    this.#http = http;
  }

  get connection(): Store<Connection> {
    return this.#lines.connection;
  }

  follow(topic: Topic, after: After, hear: Hear): Following {
    const key = keyOf(topic);
    const room = this.#rooms.get(key) ?? this.#begin(key, topic, after);
    room.listeners.add(hear);
    this.#bring(key, room, after, hear);
    return {
      again: (from) => this.#bring(key, room, from, hear),
      refresh: (job) => this.#refresh(key, room, job),
      leave: () => this.#leave(key, room, hear),
    };
  }

  look(): void {
    this.#lines.probe();
    for (const [key, room] of this.#rooms) {
      if ("job" in room.topic) this.#read(key, room);
      else this.#lines.again(key);
    }
  }

  wake(): void {
    this.#lines.wake();
  }

  retryNow(): void {
    this.#lines.retryNow();
  }

  close(): void {
    for (const room of this.#rooms.values()) clearTimeout(room.reading);
    this.#rooms.clear();
    this.#lines.close();
  }

  #begin(key: string, topic: Topic, after: After): Room {
    const room = new Room(topic, after);
    this.#rooms.set(key, room);
    this.#want(key, room);
    return room;
  }

  #want(key: string, room: Room): void {
    const { replica } = room;
    const cursor = () => room.from ?? (replica instanceof JobReplica ? replica.cursor : null);
    this.#lines.want(key, room.topic, cursor, (frame) => this.#hear(key, room, frame));
  }

  /** Tells one listener what it does not know; what is not kept here is asked for again, and everybody hears it. */
  #bring(key: string, room: Room, after: After, hear: Hear): void {
    const { replica } = room;
    if (replica instanceof JobsReplica) tell(hear, replica.told());
    else if (replica.reaches(after)) tell(hear, replica.told(after));
    else {
      room.from = after;
      if (replica.over) this.#want(key, room);
      else this.#lines.again(key);
    }
  }

  #hear(key: string, room: Room, frame: Frame): void {
    const { replica } = room;
    if (replica instanceof JobsReplica) {
      if (replica.take(frame)) room.tell(frame);
      return;
    }
    if (frame.name === "snapshot") room.from = undefined;
    const taken = replica.take(frame);
    if (taken === "gap") {
      this.#lines.again(key);
      return;
    }
    room.tell(frame);
    this.#readIfStale(key, room);
  }

  /** Until a snapshot is held that shows what has happened: one that was read too early does not. */
  #readIfStale(key: string, room: Room, least = READ_AFTER_MS): void {
    if (this.#rooms.get(key) !== room || !(room.replica instanceof JobReplica) || !room.replica.stale) return;
    const wait = Math.max(least, room.readAt + READ_AGAIN_MS - steady());
    room.reading ??= setTimeout(() => this.#read(key, room), wait);
  }

  #read(key: string, room: Room): void {
    clearTimeout(room.reading);
    room.reading = undefined;
    room.readAt = steady();
    if (!("job" in room.topic)) return;
    void this.#http
      .json<Job>("GET", `/jobs/${encodeURIComponent(room.topic.job)}`)
      .then((job) => this.#refresh(key, room, job))
      .catch((error: unknown) => {
        const final = error instanceof Refused && error.status < 500;
        if (!final) this.#readIfStale(key, room, READ_AFTER_FAILURE_MS);
      });
  }

  #refresh(key: string, room: Room, job: Job): void {
    if (this.#rooms.get(key) !== room || !(room.replica instanceof JobReplica)) return;
    const wasOver = room.replica.over;
    if (room.replica.take({ name: "refresh", data: job }) === "news") room.tell({ name: "refresh", data: job });
    if (wasOver && !room.replica.over) this.#want(key, room);
    this.#readIfStale(key, room);
  }

  #leave(key: string, room: Room, hear: Hear): void {
    room.listeners.delete(hear);
    if (room.listeners.size > 0 || this.#rooms.get(key) !== room) return;
    clearTimeout(room.reading);
    this.#rooms.delete(key);
    this.#lines.drop(key);
  }
}

function tell(hear: Hear, frames: readonly Frame[]): void {
  if (frames.length > 0) hear(frames);
}
