/** Time: how much of it passes here, and what it is by the server's clock, so that all durations come from one. */

/** Milliseconds that only ever grow: what people and networks set right is Date.now(), and it jumps. */
export function steady(): number {
  return performance.now();
}

/** The clocks of this machine, in milliseconds. */
export interface Clocks {
  /** Since 1970, as people see it: it may be put right at any time. */
  wall(): number;
  /** Never goes back; in some browsers it stands still while the machine sleeps. */
  steady(): number;
}

/** When something was asked, by both clocks. */
export interface Moment {
  readonly steady: number;
  readonly apart: number;
}

const HERE: Clocks = { wall: () => Date.now(), steady };
/** The clocks here may differ so much from how they stood; more is a sleep, or a clock that was put right. */
const APART_MS = 2_000;
/** So much may what is shown be ahead: it waits until it is caught up with. More is corrected at once. */
const HELD_MS = 2_000;

/** The server's time: the steady clock of this machine, and how far it is from the server's answers. */
export class ServerClock {
  /** Called when time is told while the clocks here no longer agree: then it has to be learnt anew. */
  onDoubt: (() => void) | null = null;
  readonly #clocks: Clocks;
  #offset: number | null = null;
  #roundTrip = Number.POSITIVE_INFINITY;
  #apart = 0;
  #shown = 0;

  constructor(clocks: Clocks = HERE) {
    this.#clocks = clocks;
  }

  /** Milliseconds since 1970. It goes back only where what was learnt before was wrong by more than 2 s. */
  now(): number {
    if (this.#offset === null) return this.#clocks.wall();
    if (this.#jumped(this.moment())) this.onDoubt?.();
    const now = this.#clocks.steady() + this.#offset;
    if (this.#shown - now > HELD_MS) this.#shown = now;
    this.#shown = Math.max(this.#shown, now);
    return this.#shown;
  }

  moment(): Moment {
    const steady = this.#clocks.steady();
    return { steady, apart: this.#clocks.wall() - steady };
  }

  /** Takes in what time the server said it was, somewhere between the asking and now. */
  learn(serverMs: number, asked: Moment): void {
    const answered = this.moment();
    if (Math.abs(answered.apart - asked.apart) > APART_MS) return; // the machine slept meanwhile
    const roundTrip = answered.steady - asked.steady;
    const offset = serverMs - asked.steady - roundTrip / 2;
    const wrong = this.#offset === null || Math.abs(offset - this.#offset) > roundTrip + 1000;
    const anew = wrong || this.#jumped(answered);
    this.#apart = answered.apart;
    if (!anew && roundTrip > this.#roundTrip * 2) return;
    this.#offset = offset;
    this.#roundTrip = anew ? roundTrip : Math.min(this.#roundTrip, roundTrip);
  }

  #jumped({ apart }: Moment): boolean {
    return Math.abs(apart - this.#apart) > APART_MS;
  }
}
