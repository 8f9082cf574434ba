/** The keys of the list, as the registry has them. */

import type { RefObject } from "react";
import { useCommand } from "../../commands";
import { type BulkVerb, jobs as texts } from "../../text/jobs";
import type { TableControl } from "./table";

export interface ListKeys {
  control: RefObject<TableControl | null>;
  hasFocus: () => boolean;
  newer: number;
  open(): void;
  tick(): void;
  ask(verb: BulkVerb): void;
  search(): void;
  filter(): void;
  page(direction: 1 | -1): void;
  take(): void;
  hasTicks: () => boolean;
  clear(): void;
}

export function useListKeys(list: ListKeys): void {
  const move = (by: number, reach = false) => list.control.current?.move(by, reach);
  const keys = texts.keys;
  useCommand({ id: "jobs.next", keys: "j", title: keys.next, palette: false, run: () => move(1) });
  useCommand({ id: "jobs.previous", keys: "k", title: keys.previous, palette: false, run: () => move(-1) });
  useCommand({
    id: "jobs.reachDown",
    keys: "Shift+ArrowDown",
    title: keys.reachDown,
    palette: false,
    run: () => move(1, true),
  });
  useCommand({
    id: "jobs.reachUp",
    keys: "Shift+ArrowUp",
    title: keys.reachUp,
    palette: false,
    run: () => move(-1, true),
  });
  useCommand({ id: "jobs.open", keys: "Enter", title: keys.open, palette: false, when: list.hasFocus, run: list.open });
  useCommand({ id: "jobs.select", keys: "x", title: keys.select, palette: false, when: list.hasFocus, run: list.tick });
  useCommand({ id: "jobs.pause", keys: "p", title: keys.pause, when: list.hasFocus, run: () => list.ask("pause") });
  useCommand({ id: "jobs.cancel", keys: "c", title: keys.cancel, when: list.hasFocus, run: () => list.ask("cancel") });
  useCommand({ id: "jobs.retry", keys: "r", title: keys.retry, when: list.hasFocus, run: () => list.ask("retry") });
  useCommand({ id: "jobs.search", keys: "/", title: keys.search, run: list.search });
  useCommand({ id: "jobs.filter", keys: "f", title: keys.filter, run: list.filter });
  useCommand({ id: "jobs.nextPage", keys: "]", title: keys.nextPage, palette: false, run: () => list.page(1) });
  useCommand({
    id: "jobs.previousPage",
    keys: "[",
    title: keys.previousPage,
    palette: false,
    run: () => list.page(-1),
  });
  useCommand({ id: "jobs.newer", keys: "n", title: keys.newer, when: () => list.newer > 0, run: list.take });
  useCommand({ id: "jobs.clear", keys: "Escape", title: keys.clear, when: list.hasTicks, run: list.clear });
}
