/** Waiting for what a store shows. */

import type { Store } from "../src/index.js";

const PATIENCE_MS = 30_000;

/** Resolves to the first snapshot that fits. */
export function until<T>(store: Store<T>, fits: (value: T) => boolean, what = "a snapshot"): Promise<T> {
  return new Promise((done, fail) => {
    const look = () => {
      const value = store.getSnapshot();
      if (!fits(value)) return;
      clearTimeout(timer);
      stop();
      done(value);
    };
    const stop = store.subscribe(look);
    const timer = setTimeout(() => {
      stop();
      fail(new Error(`Waited for ${what}; found ${JSON.stringify(store.getSnapshot())?.slice(0, 2000)}`));
    }, PATIENCE_MS);
    look();
  });
}

/** Resolves when something is so. */
export async function eventually(so: () => boolean | Promise<boolean>, what = "it"): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await so())) {
    if (Date.now() > end) throw new Error(`Waited for ${what}.`);
    await new Promise((again) => setTimeout(again, 10));
  }
}
