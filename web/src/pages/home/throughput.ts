/** How fast jobs went while somebody watched: sampled from what is shown, kept while the page is open. */

import type { Job } from "@headway/client";

/** So many samples make a line. */
const MOST = 48;

interface Watched {
  done: number;
  at: number;
  phase: string | null;
  rates: (number | null)[];
}

export class Throughput {
  private readonly watched = new Map<string, Watched>();

  /** Units per second since the sample before; a new phase begins anew, for its units are others. */
  sample(jobs: readonly Job[], now: number): void {
    const here = new Set<string>();
    for (const { id, progress } of jobs) {
      here.add(id);
      if (progress !== null) this.add(id, progress.done, progress.phase, now);
    }
    for (const id of this.watched.keys()) if (!here.has(id)) this.watched.delete(id);
  }

  of(id: string): readonly (number | null)[] {
    return this.watched.get(id)?.rates ?? [];
  }

  private add(id: string, done: number, phase: string | null, now: number): void {
    const known = this.watched.get(id);
    const seconds = known === undefined ? 0 : (now - known.at) / 1000;
    const same = known !== undefined && known.phase === phase && done >= known.done && seconds > 0;
    const rate = same ? (done - known.done) / seconds : null;
    const rates = known === undefined ? [] : [...known.rates, rate].slice(-MOST);
    this.watched.set(id, { done, at: now, phase, rates });
  }
}
