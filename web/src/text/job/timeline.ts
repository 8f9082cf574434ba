/** Texts of the timeline of a job. */

import { exact } from "../words";

export const timeline = {
  title: "Steps",
  progress: "Progress over time",
  throughput: "Throughput",
  none: "No step or phase has been named yet.",
  noneText: "A plan, steps and phases make a waterfall here.",
  snippet: 'ctx.plan("scan", "copy")\nfiles = ctx.step("scan", scan, source)\nwith ctx.phase("copy"):\n    copy(files)',
  whole: "Job",
  doing: {
    queued: "Queued",
    working: "Working",
    paused: "Paused",
    lost: "Interrupted",
    undone: "Rolling back",
  } as Record<string, string>,
  states: {
    planned: "planned",
    running: "running",
    completed: "completed",
    failed: "failed",
    skipped: "skipped",
    "cut off": "cut off",
  } as Record<string, string>,
  attempt: (n: number) => `Attempt ${n}`,
  folded: (doing: string, time: string) => `${doing} for ${time}, folded`,
  unfold: "Show gaps",
  fold: "Fold gaps",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  all: "Show all",
  zoomAll: "Show all of the timeline",
  /** A place on the axis, since the begin; as exact as its neighbours are near. */
  tick: (seconds: number) => {
    const rest = Number((seconds % 60).toFixed(2));
    if (seconds < 60) return `${rest} s`;
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
    const parts = [hours > 0 ? `${hours} h` : "", minutes > 0 ? `${minutes} min` : "", rest > 0 ? `${rest} s` : ""];
    return parts.filter(Boolean).join(" ");
  },
  hint: "Drag to zoom, + and − too",
  result: "Result",
  error: "Error",
  noResult: "It returned nothing.",
  duration: "Duration",
  begun: "Began",
  ended: "Ended",
  weight: "Weight",
  optional: "optional",
  close: "Close",
  bar: (name: string, state: string, time: string, attempt: number) =>
    [name, state, time, attempt > 0 ? `attempt ${attempt}` : ""].filter(Boolean).join(", "),
  tooMany: (n: number) => `The history is long; ${exact(n)} entries of it are shown here.`,
  sinceOpen: "Ends of steps; every report since this page was opened.",
  sinceOpened: "Since this page was opened.",
  done: "done",
  rate: "rate",
};
