/** Which client the hooks use. */

import { createContext, type ReactNode, useContext } from "react";
import type { Client } from "../client.js";

const Context = createContext<Client | null>(null);

export function HeadwayProvider({ client, children }: { client: Client; children?: ReactNode }): ReactNode {
  return <Context value={client}>{children}</Context>;
}

/** The client of the nearest HeadwayProvider. */
export function useClient(): Client {
  const client = useContext(Context);
  if (client === null)
    throw new Error("There is no client here: put <HeadwayProvider client={createClient()}> around.");
  return client;
}
