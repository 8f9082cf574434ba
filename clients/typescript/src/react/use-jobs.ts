/** Many jobs, live. */

import { useMemo } from "react";
import { type Connection, IDLE } from "../connection.js";
import { keyOf } from "../frame.js";
import type { JobsStore, JobsView } from "../jobs-store.js";
import type { JobFilter } from "../types.js";
import { useClient } from "./context.js";
import { Opened, useSelected } from "./shown.js";

const EMPTY: JobsView = { jobs: [], known: false, connection: IDLE, asOf: null, error: null };

/** Follows the newest jobs that fit. A filter with the same members is the same. Jobs keep their identity until they change. */
export function useJobs(filter: JobFilter = {}): JobsView {
  const client = useClient();
  const key = keyOf({ jobs: filter });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says what the filter says, and stays the same
  const opened = useMemo(() => new Opened<JobsView, JobsStore>(() => client.followJobs(filter), EMPTY), [client, key]);
  return useSelected(opened, whole);
}

/** How the live connection is. */
export function useConnection(): Connection {
  const client = useClient();
  const opened = useMemo(() => {
    const { getSnapshot, subscribe } = client.connection;
    return new Opened(() => ({ getSnapshot, subscribe, close: () => undefined }), IDLE);
  }, [client]);
  return useSelected(opened, whole);
}

function whole<T>(value: T): T {
  return value;
}
