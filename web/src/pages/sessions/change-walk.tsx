/** The keys n and b go through all changes within, in whichever tables they stand, and around at the ends. */

import { type ReactNode, useRef } from "react";
import { useCommand } from "../../commands";
import { changes as words } from "../../text/sessions";
import { neighbour } from "./changes";

export function ChangeWalk({ children }: { children: ReactNode }) {
  const within = useRef<HTMLDivElement>(null);
  const last = useRef<HTMLElement | null>(null);
  const step = (by: 1 | -1) => {
    const rows = [...(within.current?.querySelectorAll<HTMLElement>("[data-change]") ?? [])];
    last.current = neighbour(rows, last.current, by);
    last.current?.focus();
  };
  useCommand({ id: "changes.next", keys: "n", title: words.next, run: () => step(1) });
  useCommand({ id: "changes.previous", keys: "b", title: words.previous, run: () => step(-1) });
  return <div ref={within}>{children}</div>;
}
