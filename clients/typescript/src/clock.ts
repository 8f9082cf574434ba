/** The server's time, as far as it can be known here: durations on the screen come from one clock. */

export class ServerClock {
  #offset: number | null = null;
  #roundTrip = Number.POSITIVE_INFINITY;
  #shown = 0;

  /** Milliseconds since 1970. It never goes back, once it was learnt. */
  now(): number {
    const now = Date.now() + (this.#offset ?? 0);
    if (this.#offset === null) return now;
    this.#shown = Math.max(this.#shown, now);
    return this.#shown;
  }

  /** Takes in what time the server said it was, somewhere between the sending and the answer. */
  learn(serverMs: number, sentMs: number, answeredMs: number): void {
    const roundTrip = answeredMs - sentMs;
    const offset = serverMs - (sentMs + answeredMs) / 2;
    const known = this.#offset;
    const drifted = known !== null && Math.abs(offset - known) > roundTrip + 1000;
    if (roundTrip < 0 || (known !== null && roundTrip > this.#roundTrip * 2 && !drifted)) return;
    this.#offset = offset;
    this.#roundTrip = drifted ? roundTrip : Math.min(this.#roundTrip, roundTrip);
  }
}
