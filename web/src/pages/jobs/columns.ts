/** The columns of the list: their widths, and which give way where there is no room. */

export const COLUMN_NAMES = [
  "status",
  "name",
  "type",
  "ids",
  "labels",
  "number",
  "session",
  "owner",
  "category",
  "queue",
  "progress",
  "duration",
  "started",
  "created",
  "ended",
  "attempts",
] as const;

export type ColumnName = (typeof COLUMN_NAMES)[number];

export const USUAL_COLUMNS: readonly ColumnName[] = [
  "status",
  "name",
  "number",
  "session",
  "owner",
  "progress",
  "duration",
  "started",
  "attempts",
];

interface Column {
  /** Pixels; the column of names takes what is left. */
  width: number;
  /** Who gives way first has the highest. 0 always stays. */
  rank: number;
  /** Figures stand at the right. */
  end?: boolean;
}

export const COLUMNS: Record<ColumnName, Column> = {
  status: { width: 150, rank: 0 },
  name: { width: 270, rank: 0 },
  type: { width: 150, rank: 6 },
  ids: { width: 144, rank: 7 },
  labels: { width: 144, rank: 8 },
  number: { width: 76, rank: 2, end: true },
  session: { width: 104, rank: 5 },
  owner: { width: 84, rank: 8 },
  category: { width: 108, rank: 10 },
  queue: { width: 92, rank: 11 },
  progress: { width: 136, rank: 1 },
  duration: { width: 96, rank: 3, end: true },
  started: { width: 98, rank: 4, end: true },
  created: { width: 104, rank: 9, end: true },
  ended: { width: 104, rank: 9, end: true },
  attempts: { width: 56, rank: 7, end: true },
};

/** The tick box before the columns and the menu behind them. */
export const TICK = 40;
export const MENU = 44;
/** Below this a job is a card. */
export const NARROW = 680;

/** Those of the chosen columns that have room, in their order. */
export function withRoom(chosen: readonly ColumnName[], width: number): ColumnName[] {
  const kept = COLUMN_NAMES.filter((name) => chosen.includes(name));
  const byRank = [...kept].sort((a, b) => COLUMNS[b].rank - COLUMNS[a].rank);
  let needed = TICK + MENU + kept.reduce((sum, name) => sum + COLUMNS[name].width, 0);
  const dropped = new Set<ColumnName>();
  for (const name of byRank) {
    if (needed <= width || COLUMNS[name].rank === 0) break;
    dropped.add(name);
    needed -= COLUMNS[name].width;
  }
  return kept.filter((name) => !dropped.has(name));
}

/** The tracks of the grid that heads and rows share. */
export function tracks(columns: readonly ColumnName[]): string {
  const middle = columns.map((name) =>
    name === "name" ? `minmax(${COLUMNS.name.width}px, 1fr)` : `${COLUMNS[name].width}px`,
  );
  const room = columns.includes("name") ? [] : ["1fr"];
  return [`${TICK}px`, ...middle, ...room, `${MENU}px`].join(" ");
}
