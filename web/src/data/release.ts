/** Whether the server is of another release than these pages. It can only become that while it is away. */

import { useQuery } from "@tanstack/react-query";
import { client } from "./client";

/** Written into the page by the server that gave it; empty where something else did. */
const OWN = document.querySelector<HTMLMetaElement>('meta[name="headway-release"]')?.content ?? "";

/** The server's release where it is another one; null where it is not, or nobody knows. */
export function useOtherRelease(): string | null {
  const { data } = useQuery({
    queryKey: ["release"],
    enabled: OWN !== "",
    initialData: OWN,
    staleTime: Number.POSITIVE_INFINITY, // it is read again when the server is back
    queryFn: async ({ signal }) => (await client.rest.GET("/api/v1/health", { signal })).data.release,
  });
  return data === OWN ? null : data;
}
