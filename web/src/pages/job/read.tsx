/** What was read of the server, or why it was not: the last good answer stays when a new one fails. */

import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Trouble } from "../../parts/trouble";
import { Waiting } from "../../parts/waiting";

export interface ReadProps<T> {
  query: Pick<UseQueryResult<T>, "data" | "error" | "dataUpdatedAt" | "refetch">;
  lines?: number;
  children: (data: T) => ReactNode;
}

export function Read<T>({ query, lines = 4, children }: ReadProps<T>) {
  const { data, error, dataUpdatedAt, refetch } = query;
  const again = () => void refetch();
  if (data === undefined) return error === null ? <Waiting lines={lines} /> : <Trouble error={error} onRetry={again} />;
  return (
    <>
      {error !== null && <Trouble error={error} onRetry={again} asOf={dataUpdatedAt} />}
      {children(data)}
    </>
  );
}
