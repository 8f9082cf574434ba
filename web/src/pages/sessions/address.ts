/** What is chosen on the page of a session, as it stands in the address: defaults are left out, the rest is kept. */

export const TABS = ["config", "versions", "jobs", "concurrency", "debug"] as const;
export type SessionTab = (typeof TABS)[number];

export interface SessionSearch {
  tab?: string | undefined;
  /** Versions that are compared. */
  from?: number | undefined;
  to?: number | undefined;
}

/** For the router. */
export function sessionSearch(raw: Record<string, unknown>): SessionSearch {
  const tab = TABS.find((one) => one === raw.tab);
  const [from, to] = [versionIn(raw.from), versionIn(raw.to)];
  return {
    ...(tab !== undefined && tab !== "config" && { tab }),
    ...(from !== null && { from }),
    ...(to !== null && { to }),
  };
}

/** A version as a number or as people write it: 3 or v3. */
function versionIn(raw: unknown): number | null {
  const found = Number(typeof raw === "string" ? raw.replace(/^v/, "") : raw);
  return Number.isInteger(found) && found > 0 ? found : null;
}
