/**
 * Loads the page anew where some of its files can not be fetched. A browser may keep them as failed, and a style that is
 * missing is not asked for again: only a page that is loaded anew is whole. What is chosen, and what somebody is writing,
 * survive it.
 */

import { type Client, Refused, type Store } from "@headway/client";
import { client } from "./client";

/** The files can not be got, and loading the page anew has not helped. */
export class NotFetched extends Error {
  constructor(cause: unknown) {
    super("Files of this page can not be fetched.", { cause });
    this.name = "NotFetched";
  }
}

const KEY = "headway.begun-anew";
/** A page that is loaded anew and finds the same problem must not do so for ever. */
const SELDOM_MS = 60_000;
const AGAIN_MS = 1_000;
/** Several parts of a page may lack their files at once: the first one has it loaded anew for all. */
let beginning = false;

/** Loads the page anew as soon as the server answers. Throws NotFetched where that was of no use. */
export async function begunAnew(problem: unknown): Promise<never> {
  await answered(client);
  if (!beginning && !isSeldom(Date.now())) throw new NotFetched(problem);
  beginning = true;
  location.reload();
  return new Promise<never>(() => undefined); // what is shown stays until the page is gone
}

/** Waits until the server answers, and has its database. */
async function answered({ connection, rest }: Pick<Client, "connection" | "rest">): Promise<void> {
  for (;;) {
    await until(connection, ({ lostAt }) => lostAt === null);
    try {
      await rest.GET("/api/v1/changes");
      return;
    } catch (error) {
      if (error instanceof Refused && error.denies) return;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}

/** Whether the page was not loaded anew for this a moment ago, and can note that it is now. */
function isSeldom(now: number): boolean {
  try {
    if (now - Number(sessionStorage.getItem(KEY) ?? 0) < SELDOM_MS) return false;
    sessionStorage.setItem(KEY, String(now));
    return true;
  } catch {
    return false; // storage is off: whoever looks at the page decides
  }
}

function until<T>(store: Store<T>, fits: (value: T) => boolean): Promise<void> {
  return new Promise((resolve) => {
    let stop = () => {};
    const look = () => {
      if (!fits(store.getSnapshot())) return;
      stop();
      resolve();
    };
    stop = store.subscribe(look);
    look();
  });
}
