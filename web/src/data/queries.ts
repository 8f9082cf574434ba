/** Reads over HTTP: kept while a page shows them, the last good answer stays when a new one fails. */

import { Refused } from "@headway/client";
import { QueryClient } from "@tanstack/react-query";

const MOST_TRIES = 2;

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      gcTime: 5 * 60_000,
      refetchOnWindowFocus: true,
      refetchOnReconnect: "always",
      retry: (tries, problem) => !(problem instanceof Refused && problem.status < 500) && tries < MOST_TRIES,
    },
    // What a person asks is answered or refused at once: it does not wait for the server to come back.
    mutations: { networkMode: "always" },
  },
});
