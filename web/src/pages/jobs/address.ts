/** What is chosen on the page of jobs, as it stands in the address: defaults are left out, unknown parameters stay. */

import type { Unread } from "../../text/address";
import { COLUMN_NAMES, type ColumnName, USUAL_COLUMNS } from "./columns";

export const SORTS = ["-created", "created", "-started", "-ended"] as const;
export type Sort = (typeof SORTS)[number];

/** The parameters of the address, as the router hands them. */
export interface JobsSearch {
  /** The query. */
  q?: string | undefined;
  sort?: Sort | undefined;
  /** Where the window stands: see Place. */
  cursor?: string | undefined;
  /** The number of the job on which the focus is. */
  row?: number | undefined;
  /** Names of the columns that are shown, parted by commas. */
  cols?: string | undefined;
  /** The name of a saved view: it stands for the parameters that are not given. */
  view?: string | undefined;
}

/** The first row in the window, by its number, and the cursor of the page that it is on; null on the first page. */
export interface Place {
  number: number;
  page: string | null;
}

export interface Chosen {
  query: string;
  sort: Sort;
  cursor: Place | null;
  row: number | null;
  columns: readonly ColumnName[];
  /** Parameters that the page does not know: named to the reader, and kept. */
  unknown: string[];
  /** Known parameters whose value it can not read. */
  unread: Unread[];
}

const KNOWN = ["q", "sort", "cursor", "row", "cols", "view"];

/** For the router: everything is kept, so that what is not known can be told. */
export function jobsSearch(raw: Record<string, unknown>): JobsSearch & Record<string, unknown> {
  const found: Record<string, unknown> = { ...raw };
  for (const name of ["q", "cursor", "cols", "view"]) {
    if (typeof raw[name] === "number" || typeof raw[name] === "boolean") found[name] = String(raw[name]);
  }
  return found as JobsSearch & Record<string, unknown>;
}

/** views: the names of the saved ones; the one that is asked for has been put in the place of its name before. */
export function chosenIn(search: Record<string, unknown>, views: readonly string[] = []): Chosen {
  const unknown = Object.keys(search).filter((name) => !KNOWN.includes(name) && search[name] !== undefined);
  const unread: Unread[] = [];
  const text = (name: string) => (typeof search[name] === "string" ? search[name] : null);
  const sort = SORTS.find((one) => one === search.sort);
  if (search.sort !== undefined && sort === undefined)
    unread.push({ name: "sort", value: String(search.sort), known: SORTS });
  const place = placeIn(text("cursor"));
  if (text("cursor") !== null && place === null)
    unread.push({ name: "cursor", value: text("cursor") ?? "", known: null });
  const columns = columnsIn(text("cols"));
  if (text("cols") !== null && columns === null)
    unread.push({ name: "cols", value: text("cols") ?? "", known: COLUMN_NAMES });
  if (text("view") !== null) unread.push({ name: "view", value: text("view") ?? "", known: views });
  return {
    query: text("q") ?? "",
    sort: sort ?? "-created",
    cursor: place,
    row: typeof search.row === "number" ? search.row : null,
    columns: columns ?? USUAL_COLUMNS,
    unknown,
    unread,
  };
}

/** Parameters for something chosen anew. Undefined takes one out of the address. */
export function inAddress(chosen: Partial<Chosen>): JobsSearch {
  const found: JobsSearch = {};
  if (chosen.query !== undefined) found.q = chosen.query || undefined;
  if (chosen.sort !== undefined) found.sort = chosen.sort === "-created" ? undefined : chosen.sort;
  if (chosen.cursor !== undefined) found.cursor = chosen.cursor === null ? undefined : placed(chosen.cursor);
  if (chosen.row !== undefined) found.row = chosen.row ?? undefined;
  if (chosen.columns !== undefined) {
    const usual = chosen.columns.join() === USUAL_COLUMNS.join();
    found.cols = usual ? undefined : chosen.columns.join(",");
  }
  return found;
}

/** What the page of a job is told of the list, for next and previous in it. */
export function cameFrom(query: string, sort: Sort): { list: string; sort?: Sort } {
  return sort === "-created" ? { list: query } : { list: query, sort };
}

function placed({ number, page }: Place): string {
  return page === null ? `${number}` : `${number}~${page}`;
}

function placeIn(text: string | null): Place | null {
  const found = /^(\d+)(?:~(.+))?$/.exec(text ?? "");
  return found === null ? null : { number: Number(found[1]), page: found[2] ?? null };
}

function columnsIn(text: string | null): ColumnName[] | null {
  const names = (text ?? "").split(",");
  const known = COLUMN_NAMES.filter((name) => names.includes(name));
  return known.length > 0 && known.length === names.length ? known : null;
}
