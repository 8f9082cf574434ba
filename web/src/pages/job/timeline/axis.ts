/** Where a moment stands on the timeline: long idle gaps are folded to a narrow mark, so that work has the room. */

import type { Stretch } from "./stretches";

export interface Fold {
  from: number;
  to: number;
  doing: Stretch["doing"];
}

/** A part of the axis. `at` and `wide` are in milliseconds that are shown. */
interface Part {
  from: number;
  to: number;
  at: number;
  wide: number;
  fold: Fold | null;
}

export interface Axis {
  from: number;
  to: number;
  /** The length of what is shown, in milliseconds; a fold counts with its mark alone. */
  length: number;
  folds: readonly Fold[];
  /** How far along the axis a moment is, 0 to `length`. */
  at(moment: number): number;
  /** The moment at a place of the axis. */
  moment(at: number): number;
}

/** Gaps up to this share of the rest stay as they are. */
const FOLDED_SHARE = 0.25;
const SHORTEST_FOLD_MS = 5_000;
/** How wide a fold's mark is, as a share of all that is not folded. */
const MARK_SHARE = 0.045;

/** The idle stretches that are worth folding: together they would hide the work. */
export function foldsOf(stretches: readonly Stretch[], from: number, to: number): Fold[] {
  if (!stretches.some((stretch) => stretch.doing === "working")) return [];
  const idle = stretches.filter((stretch) => stretch.doing !== "working" && stretch.to !== null);
  const spent = idle.reduce((sum, stretch) => sum + length(stretch, to), 0);
  const busy = Math.max(to - from - spent, 1);
  const least = Math.max(SHORTEST_FOLD_MS, busy * FOLDED_SHARE);
  return idle
    .filter((stretch) => length(stretch, to) > least)
    .map(({ from, to: end, doing }) => ({ from, to: end ?? to, doing }));
}

export function axisOf(from: number, to: number, folds: readonly Fold[]): Axis {
  const end = Math.max(to, from + 1);
  const parts = partsOf(from, end, folds);
  const last = parts.at(-1);
  const total = last === undefined ? 1 : last.at + last.wide;
  return {
    from,
    to: end,
    length: total,
    folds,
    at: (moment) => placed(parts, clamp(moment, from, end), total),
    moment: (at) => momentAt(parts, clamp(at, 0, total), end),
  };
}

function partsOf(from: number, to: number, folds: readonly Fold[]): Part[] {
  const shown = to - from - folds.reduce((sum, fold) => sum + fold.to - fold.from, 0);
  const mark = Math.max(shown * MARK_SHARE, 1);
  const parts: Part[] = [];
  let reached = from;
  let at = 0;
  const add = (until: number, fold: Fold | null) => {
    const wide = fold === null ? until - reached : mark;
    if (until > reached) parts.push({ from: reached, to: until, at, wide, fold });
    at += until > reached ? wide : 0;
    reached = Math.max(until, reached);
  };
  for (const fold of [...folds].sort((a, b) => a.from - b.from)) {
    add(fold.from, null);
    add(fold.to, fold);
  }
  add(to, null);
  return parts;
}

function placed(parts: readonly Part[], moment: number, total: number): number {
  const part = parts.find((one) => moment <= one.to);
  return part === undefined ? total : part.at + (part.wide * (moment - part.from)) / (part.to - part.from);
}

function momentAt(parts: readonly Part[], at: number, end: number): number {
  const part = parts.find((one) => at <= one.at + one.wide);
  return part === undefined ? end : part.from + ((part.to - part.from) * (at - part.at)) / part.wide;
}

/** What is looked at: a part of the axis, in its own milliseconds. */
export interface Window {
  from: number;
  to: number;
}

const NARROWEST_MS = 20;

export function whole(axis: Axis): Window {
  return { from: 0, to: axis.length };
}

/** Zooms by a factor (more than 1: closer), keeping the place `around` where it is. */
export function zoomed(axis: Axis, window: Window, factor: number, around?: number): Window {
  const wide = clamp((window.to - window.from) / factor, Math.min(NARROWEST_MS, axis.length), axis.length);
  const middle = around ?? (window.from + window.to) / 2;
  const share = (middle - window.from) / (window.to - window.from || 1);
  return kept(axis, { from: middle - wide * share, to: middle + wide * (1 - share) });
}

export function moved(axis: Axis, window: Window, by: number): Window {
  return kept(axis, { from: window.from + by, to: window.to + by });
}

/** The window between two places, in either order. */
export function between(axis: Axis, one: number, other: number): Window {
  const from = Math.min(one, other);
  return kept(axis, { from, to: Math.max(one, other, from + NARROWEST_MS) });
}

function kept(axis: Axis, window: Window): Window {
  const wide = Math.min(window.to - window.from, axis.length);
  const from = clamp(window.from, 0, axis.length - wide);
  return { from, to: from + wide };
}

/** From where to where something stands in the window, in percent of its width; null where it is out of sight. */
export function shown(axis: Axis, window: Window, from: number, to: number): { left: number; width: number } | null {
  const wide = window.to - window.from;
  const left = ((axis.at(from) - window.from) / wide) * 100;
  const right = ((axis.at(to) - window.from) / wide) * 100;
  if (right < 0 || left > 100) return null;
  const visible = Math.max(left, 0);
  return { left: visible, width: Math.min(right, 100) - visible };
}

const STEPS_S = [
  0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200,
  86400,
];
const DAY_S = 86_400;

/** A place on the axis and the seconds since its begin that it stands for. */
export interface Tick {
  at: number;
  seconds: number;
}

/** Round times since the begin, about `most` of them in the window; none within a fold. */
export function ticks(axis: Axis, window: Window, most: number): Tick[] {
  const from = (axis.moment(window.from) - axis.from) / 1000;
  const seconds = (window.to - window.from) / 1000;
  const step = STEPS_S.find((one) => seconds / one <= most) ?? Math.ceil(seconds / most / DAY_S) * DAY_S;
  const found: Tick[] = [];
  const until = (axis.moment(window.to) - axis.from) / 1000;
  for (let at = Math.ceil(from / step) * step; at <= until && found.length < 3 * most; at = next(axis, at, step)) {
    found.push({ at: axis.at(axis.from + at * 1000), seconds: at });
  }
  return found;
}

/** The next round time; one that falls into a fold is moved behind it. */
function next(axis: Axis, seconds: number, step: number): number {
  const after = seconds + step;
  const moment = axis.from + after * 1000;
  const fold = axis.folds.find((one) => moment > one.from && moment < one.to);
  return fold === undefined ? after : Math.ceil((fold.to - axis.from) / 1000 / step) * step;
}

function length(stretch: Stretch, now: number): number {
  return (stretch.to ?? now) - stretch.from;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), Math.max(low, high));
}
