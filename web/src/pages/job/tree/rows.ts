/** A tree of jobs as the rows that are shown, and where the keys lead in it. */

import type { Job } from "@headway/client";

export interface Branch {
  job: Job;
  children?: readonly Branch[];
}

export interface Row {
  job: Job;
  level: number;
  parent: string | null;
  /** Its place among its sisters, from 1, and how many they are. */
  place: number;
  sisters: number;
  children: number;
  open: boolean;
  below: Below;
}

/** All jobs below one, by how they are. */
export interface Below {
  total: number;
  over: number;
  failed: number;
  running: number;
}

const ENDED = new Set(["completed", "failed", "cancelled", "rolled_back", "rollback_failed"]);
const FAILED = new Set(["failed", "rollback_failed"]);
const AT_WORK = new Set(["running", "pausing", "cancelling"]);

export function rowsOf(root: Branch, closed: ReadonlySet<string>): Row[] {
  const below = new Map<Branch, Below>();
  countBelow(root, below);
  const rows: Row[] = [];
  const put = (branch: Branch, level: number, parent: string | null, place: number, sisters: number) => {
    const children = branch.children ?? [];
    const open = children.length > 0 && !closed.has(branch.job.id);
    const counts = below.get(branch) ?? NONE;
    rows.push({ job: branch.job, level, parent, place, sisters, children: children.length, open, below: counts });
    if (!open) return;
    children.forEach((child, index) => {
      put(child, level + 1, branch.job.id, index + 1, children.length);
    });
  };
  put(root, 1, null, 1, 1);
  return rows;
}

/** The tree of a job and all that is below it; they come newest first, and are drawn oldest first. */
export function treeOf(root: Job, below: readonly Job[]): Branch {
  const branches = new Map([root, ...below].map((job) => [job.id, { job, children: [] as Branch[] }]));
  for (const job of below) {
    const branch = branches.get(job.id);
    if (branch !== undefined) branches.get(job.parent_id ?? "")?.children.unshift(branch);
  }
  return branches.get(root.id) ?? { job: root };
}

const NONE: Below = { total: 0, over: 0, failed: 0, running: 0 };

function countBelow(branch: Branch, below: Map<Branch, Below>): Below {
  const sum = { ...NONE };
  for (const child of branch.children ?? []) {
    const deeper = countBelow(child, below);
    sum.total += deeper.total + 1;
    sum.over += deeper.over + (ENDED.has(child.job.state) ? 1 : 0);
    sum.failed += deeper.failed + (FAILED.has(child.job.state) ? 1 : 0);
    sum.running += deeper.running + (AT_WORK.has(child.job.state) ? 1 : 0);
  }
  below.set(branch, sum);
  return sum;
}

/** What a key does in the tree: go to a row, or open or close one. */
export type Step = { go: number } | { open: string } | { close: string } | null;

/** As the tree widget of the ARIA practices has it. */
export function stepOf(rows: readonly Row[], at: number, key: string): Step {
  const row = rows[at];
  if (row === undefined) return null;
  switch (key) {
    case "ArrowDown":
      return at + 1 < rows.length ? { go: at + 1 } : null;
    case "ArrowUp":
      return at > 0 ? { go: at - 1 } : null;
    case "Home":
      return { go: 0 };
    case "End":
      return { go: rows.length - 1 };
    case "ArrowRight":
      if (row.children === 0) return null;
      return row.open ? { go: at + 1 } : { open: row.job.id };
    case "ArrowLeft":
      return row.open ? { close: row.job.id } : goTo(rows, row.parent);
    default:
      return null;
  }
}

export function goTo(rows: readonly Row[], id: string | null): Step {
  const at = rows.findIndex((row) => row.job.id === id);
  return id === null || at < 0 ? null : { go: at };
}
