/** What is chosen on the first page, as it stands in its address. */

import type { Unread } from "../../text/address";
import { SPANS, type Span } from "./reads";

export interface HomeSearch {
  /** How far back failures are looked at: 24h where it is left out. */
  window?: Span | undefined;
  /** Whose jobs: a user's, or "me" for those of this browser. */
  owner?: string | undefined;
}

export interface HomeChoice {
  span: Span;
  /** Null for everybody. */
  owner: string | null;
  unknown: string[];
  /** Known parameters whose value means nothing here. */
  unread: Unread[];
}

const KNOWN = ["window", "owner"];

export function homeSearch(raw: Record<string, unknown>): HomeSearch {
  return raw as HomeSearch;
}

export function homeChoice(search: Record<string, unknown>): HomeChoice {
  const unknown = Object.keys(search).filter((name) => !KNOWN.includes(name) && search[name] !== undefined);
  const known = typeof search.window === "string" && search.window in SPANS;
  const unread: Unread[] = [];
  if (search.window !== undefined && !known)
    unread.push({ name: "window", value: String(search.window), known: Object.keys(SPANS) });
  // The router reads a name of digits as a number.
  const owner = ["string", "number"].includes(typeof search.owner) ? String(search.owner).trim() : "";
  if (search.owner !== undefined && owner === "")
    unread.push({ name: "owner", value: String(search.owner), known: null });
  return { span: known ? (search.window as Span) : "24h", owner: owner || null, unknown, unread };
}
