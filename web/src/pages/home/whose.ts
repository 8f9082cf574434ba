/** Whose jobs the first page shows: everybody's, those of one user, or those of this browser. */

import { useOwnSession } from "../../data/own-session";
import { quoted } from "../jobs/words";

/** In the address: the session of this browser. */
export const ME = "me";

export interface Whose {
  /** What it adds to a query, with a blank before it. */
  words: string;
  /** What it adds to a call that takes no query. */
  asked: { session?: string; owner?: string };
}

export const EVERYBODY: Whose = { words: "", asked: {} };

/** Null until it is known which session the browser has, and where that can not be told. */
export function useWhose(owner: string | null): { whose: Whose | null; error: Error | null } {
  const own = useOwnSession();
  if (owner === null) return { whose: EVERYBODY, error: null };
  if (owner !== ME) return { whose: { words: ` owner:${quoted(owner)}`, asked: { owner } }, error: null };
  if (own.data === undefined) return { whose: null, error: own.error };
  const session = own.data.id;
  return { whose: { words: ` session:${quoted(session)}`, asked: { session } }, error: null };
}
