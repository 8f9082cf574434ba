/** Web Locks for tabs that are all in this process: Node has none before release 24. */

interface Waiting {
  run: () => void;
}

export class Locks {
  readonly #held = new Map<string, (stolen: Error) => void>();
  readonly #waiting = new Map<string, Waiting[]>();

  request = (name: string, options: LockOptions, held: () => Promise<void>): Promise<void> => {
    return new Promise((done, fail) => {
      const run = () => this.#hold(name, held, done, fail);
      if (options.steal) {
        this.#held.get(name)?.(new DOMException("stolen", "AbortError"));
        this.#held.delete(name);
        run();
        return;
      }
      const waiting = { run };
      options.signal?.addEventListener("abort", () => {
        this.#queue(name).splice(this.#queue(name).indexOf(waiting) >>> 0, 1);
        fail(options.signal?.reason);
      });
      this.#queue(name).push(waiting);
      this.#next(name);
    });
  };

  #hold(name: string, held: () => Promise<void>, done: () => void, fail: (why: Error) => void): void {
    this.#held.set(name, fail);
    void held().then(() => {
      if (this.#held.get(name) !== fail) return;
      this.#held.delete(name);
      done();
      this.#next(name);
    });
  }

  #queue(name: string): Waiting[] {
    const queue = this.#waiting.get(name) ?? [];
    this.#waiting.set(name, queue);
    return queue;
  }

  #next(name: string): void {
    if (!this.#held.has(name)) this.#queue(name).shift()?.run();
  }
}
