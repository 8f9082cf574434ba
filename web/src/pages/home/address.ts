/** What is chosen on the first page, as it stands in its address. */

import { SPANS, type Span } from "./reads";

export interface HomeSearch {
  /** How far back failures are looked at: 24h where it is left out. */
  window?: Span | undefined;
}

export function homeSearch(raw: Record<string, unknown>): HomeSearch {
  return raw as HomeSearch;
}

export function spanIn(search: Record<string, unknown>): { span: Span; unknown: string[] } {
  const unknown = Object.keys(search).filter((name) => name !== "window" && search[name] !== undefined);
  const known = typeof search.window === "string" && search.window in SPANS;
  if (search.window !== undefined && !known) unknown.push("window");
  return { span: known ? (search.window as Span) : "24h", unknown };
}
