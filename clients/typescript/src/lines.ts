/** As many connections as the subscriptions need: the server takes twenty over each. */

import { Cell } from "./cell.js";
import { type Connection, IDLE, worstOf } from "./connection.js";
import type { Frame, Topic } from "./frame.js";
import { type Line, ROOM } from "./line.js";
import type { After, Store } from "./types.js";

export class Lines {
  readonly #make: () => Line;
  readonly #lines = new Map<Line, () => void>();
  readonly #connection = new Cell<Connection>(IDLE);

  constructor(make: () => Line) {
    this.#make = make;
  }

  get connection(): Store<Connection> {
    return this.#connection;
  }

  want(key: string, topic: Topic, cursor: () => After, hear: (frame: Frame) => void): void {
    const line = this.#of(key) ?? [...this.#lines.keys()].find((one) => one.size < ROOM) ?? this.#add();
    line.want(key, { topic, cursor, hear });
  }

  again(key: string): void {
    this.#of(key)?.again(key);
  }

  drop(key: string): void {
    this.#of(key)?.drop(key);
  }

  retryNow(): void {
    for (const line of this.#lines.keys()) line.retryNow();
  }

  probe(): void {
    for (const line of this.#lines.keys()) line.probe();
  }

  wake(): void {
    for (const line of this.#lines.keys()) line.wake();
  }

  close(): void {
    for (const [line, stop] of this.#lines) {
      stop();
      line.close();
    }
    this.#lines.clear();
    this.#connection.set(IDLE);
  }

  #of(key: string): Line | undefined {
    return [...this.#lines.keys()].find((line) => line.has(key));
  }

  #add(): Line {
    const line = this.#make();
    const look = () =>
      this.#connection.set(worstOf([...this.#lines.keys()].map((one) => one.connection.getSnapshot())));
    this.#lines.set(line, line.connection.subscribe(look));
    return line;
  }
}
