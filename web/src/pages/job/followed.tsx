/** The job that the page follows. Each part looks at what it shows alone, and is drawn again when that has changed. */

import type { Job, JobStore, JobView } from "@headway/client";
import { useClient } from "@headway/client/react";
import { createContext, useContext, useEffect, useRef, useState, useSyncExternalStore } from "react";

const Followed = createContext<JobStore | null>(null);
export const FollowedJob = Followed.Provider;

/** Follows the job while the page is there; disconnects afterwards. Null for a moment at the beginning. */
export function useFollowed(id: string): JobStore | null {
  const client = useClient();
  const [store, setStore] = useState<JobStore | null>(null);
  useEffect(() => {
    const followed = client.followJob(id);
    setStore(followed);
    return () => {
      setStore(null);
      followed.close();
    };
  }, [client, id]);
  return store;
}

export function useStore(): JobStore {
  const store = useContext(Followed);
  if (store === null) throw new Error("parts of a job are drawn inside <FollowedJob>");
  return store;
}

/** What `select` finds in the view. `same` tells when a new finding is no news. */
export function useView<T>(select: (view: JobView) => T, same: (a: T, b: T) => boolean = Object.is): T {
  const store = useStore();
  return useLook(store, select, same);
}

export function useLook<T>(
  store: JobStore,
  select: (view: JobView) => T,
  same: (a: T, b: T) => boolean = Object.is,
): T {
  const last = useRef<{ view: JobView; found: T } | null>(null);
  const look = () => {
    const view = store.getSnapshot();
    if (last.current?.view === view) return last.current.found;
    const found = select(view);
    const kept = last.current !== null && same(last.current.found, found) ? last.current.found : found;
    last.current = { view, found: kept };
    return kept;
  };
  return useSyncExternalStore(store.subscribe, look, look);
}

/** The job without what changes ten times a second: it is a new one only when something else is new. */
export function useJob(): Job {
  const job = useView(theJob, sameButProgress);
  if (job === null) throw new Error("parts of a job are drawn when it is known");
  return job;
}

export const theJob = (view: JobView) => view.job;
export const theProgress = (view: JobView) => view.job?.progress ?? null;

const MOVING = new Set(["progress", "version", "events"]);

export function sameButProgress(a: Job | null, b: Job | null): boolean {
  if (a === null || b === null || a === b) return a === b;
  const keys = Object.keys(b) as (keyof Job)[];
  return keys.every((key) => MOVING.has(key) || alike(a[key], b[key]));
}

function alike(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === "object" && typeof b === "object" && JSON.stringify(a) === JSON.stringify(b));
}
