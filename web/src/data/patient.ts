/** What is fetched late, and may be gone by then: the server is away, or has newer files. */

import { mayAsk } from "./asking";

export interface Patient<T> {
  /** What was fetched; undefined before. */
  found(): T | undefined;
  /** Fetches it before it is needed. Never fails: whoever needs it is told. Does nothing while the server is away. */
  ahead(): Promise<void>;
  /** It is needed now. Where it can not be fetched this is what `mend` makes of it, once. */
  needed(): Promise<T>;
}

export function patient<T>(load: () => Promise<T>, mend: (problem: unknown) => Promise<T>): Patient<T> {
  let found: T | undefined;
  let fetching: Promise<T> | undefined;
  let needed: Promise<T> | undefined;
  const fetch = async () => {
    found = await load();
    return found;
  };
  const fetched = () => {
    fetching ??= fetch();
    return fetching;
  };
  return {
    found: () => found,
    ahead: async () => {
      if (fetching === undefined && !mayAsk()) return;
      await fetched().catch(() => undefined);
    },
    needed: () => {
      needed ??= fetched().catch(mend);
      return needed;
    },
  };
}
