/** Saved views and the address: which one is shown, and what `?view=` stands for. */

import type { View } from "../../data/views";
import type { Chosen, JobsSearch } from "./address";

/** What is chosen now, under a name. */
export function viewOf(chosen: Pick<Chosen, "query" | "sort" | "columns">, name: string): View {
  return { name, query: chosen.query, sort: chosen.sort, columns: chosen.columns.join() };
}

/** The saved view that the list shows. */
export function viewShown(chosen: Chosen, saved: readonly View[]): View | undefined {
  const here = viewOf(chosen, "");
  return saved.find(
    ({ query, sort, columns }) => query === here.query && sort === here.sort && columns === here.columns,
  );
}

/** A view as parameters of an address, as it was saved. */
export function searchOf({ query, sort, columns }: View): Record<string, string> {
  return { ...(query === "" ? {} : { q: query }), sort, cols: columns };
}

/**
 * The parameters with those of the view that they name; what the address says itself goes before. A name that is not
 * known stays, to be told.
 */
export function resolved(
  search: JobsSearch & Record<string, unknown>,
  saved: readonly View[],
): JobsSearch & Record<string, unknown> {
  const view = saved.find((one) => one.name === search.view);
  if (view === undefined) return search;
  const { view: _, ...own } = search;
  return { ...searchOf(view), ...own } as JobsSearch & Record<string, unknown>;
}
