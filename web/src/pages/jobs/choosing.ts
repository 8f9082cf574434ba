/** Where the page leads: what is chosen goes into its address, what is opened has a page of its own. */

import { useNavigate, useRouter } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { prefix } from "../../data/client";
import { type Chosen, cameFrom, inAddress, type Sort } from "./address";
import type { Meaning } from "./meanings";

export type Choose = (chosen: Partial<Chosen>, replace?: boolean) => void;

export interface Opening {
  job(id: number | string, aside: boolean): void;
  /** Whether it led somewhere. */
  meaning(meant: Meaning): boolean;
}

/** Puts what is chosen into the address; everything else in it stays. */
export function useChoose(): Choose {
  const navigate = useNavigate();
  const router = useRouter();
  const [here] = useState(() => router.latestLocation.pathname);
  return useCallback(
    (chosen, replace = false) => {
      // Somebody is leaving, and the next page is being fetched: what comes late must not lead back.
      if (router.latestLocation.pathname !== here) return;
      const search = (before: object) => ({ ...before, ...inAddress(chosen) });
      void navigate({ to: "/jobs", search, replace, resetScroll: false });
    },
    [navigate, router, here],
  );
}

/** Opens what a list shows; a job is told of the list, for next and previous. */
export function useOpening(query: string, sort: Sort): Opening {
  const navigate = useNavigate();
  const job = useCallback(
    (id: number | string, aside: boolean) => {
      if (aside) window.open(`${prefix}/jobs/${encodeURIComponent(id)}`, "_blank", "noopener");
      else void navigate({ to: "/jobs/$id", params: { id: String(id) }, search: cameFrom(query, sort) });
    },
    [navigate, query, sort],
  );
  const meaning = useCallback(
    (meant: Meaning): boolean => {
      if (meant.job_id !== null) job(meant.job_id, false);
      else if (meant.session !== null) void navigate({ to: "/sessions/$id", params: { id: meant.session } });
      else if (meant.worker !== null) void navigate({ to: "/health" });
      else return false;
      return true;
    },
    [job, navigate],
  );
  return { job, meaning };
}
