/** What is chosen on the page of recovery, as it stands in its address; what is not known stays in it and is told. */

import type { Unread } from "../../text/address";
import { CAUSES, type Cause } from "./reads";

export interface RecoverySearch {
  /** One of the causes; all of them without it. */
  cause?: Cause | undefined;
}

export function recoverySearch(raw: Record<string, unknown>): RecoverySearch {
  return raw as RecoverySearch;
}

export function causeIn(search: Record<string, unknown>): { cause: Cause | null; unknown: string[]; unread: Unread[] } {
  const unknown = Object.keys(search).filter((name) => name !== "cause" && search[name] !== undefined);
  const cause = CAUSES.find((one) => one === search.cause) ?? null;
  const isUnread = search.cause !== undefined && cause === null;
  return { cause, unknown, unread: isUnread ? [{ name: "cause", value: String(search.cause), known: CAUSES }] : [] };
}
