/** What of this page stands in its address: the tab, what is open in it, and the list that one came from. */

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";

export const TABS = [
  "timeline",
  "tree",
  "log",
  "checkpoints",
  "config",
  "events",
  "attempts",
  "items",
  "output",
] as const;
export type Tab = (typeof TABS)[number];

export interface Address {
  tab?: string | undefined;
  step?: string | undefined;
  ledger?: string | undefined;
  state?: string | undefined;
  kind?: string | undefined;
  /** What is searched in the log, and the levels that are shown of it, parted by commas. */
  find?: string | undefined;
  level?: string | undefined;
  /** The query of the list that one came from, and its order. */
  list?: string | undefined;
  sort?: string | undefined;
}

export function useAddress(): Address {
  const search = useSearch({ strict: false }) as Record<string, unknown>;
  const text = (name: string) => (search[name] === undefined ? undefined : String(search[name]));
  return {
    tab: text("tab"),
    step: text("step"),
    ledger: text("ledger"),
    state: text("state"),
    kind: text("kind"),
    find: text("find"),
    level: text("level"),
    list: text("list"),
    sort: text("sort"),
  };
}

/** Changes some of it in place. What is undefined is left out. */
export function useReaddress(): (changed: Address) => void {
  const navigate = useNavigate();
  return useCallback(
    (changed) => {
      void navigate({
        to: ".",
        search: (before: Record<string, unknown>) => ({ ...before, ...changed }),
        ...(changed.tab === undefined ? { hash: true } : {}),
        replace: true,
        resetScroll: false,
      });
    },
    [navigate],
  );
}

export function tabOf(address: Address): Tab {
  return TABS.find((tab) => tab === address.tab) ?? "timeline";
}
