/** How counts, sizes, rates and times are worded for people; the same words as on the command line. */

import type { Progress } from "./types.js";

/** What a state of a job is called. */
export const states = {
  pending: "Pending",
  running: "Running",
  pausing: "Pausing…",
  paused: "Paused",
  interrupted: "Interrupted",
  cancelling: "Cancelling…",
  cancelled: "Cancelled",
  completed: "Completed",
  failed: "Failed",
  rolling_back: "Rolling back",
  rolled_back: "Rolled back",
  rollback_failed: "Rollback failed",
};

type Eta = NonNullable<Progress["eta"]>;

const MINUTE = 60;
/** Up to here a time is worded in seconds. */
const SECONDS = 90;
const HOUR = 3600;
const DAY = 86_400;
/** A range whose ends are nearer than this ratio is worded as one time: "about 4 min". */
const CLOSE = 1.5;
/** A thin space that does not break: digits of one number stay together. */
const THIN = "\u202f";

/** Every digit, in groups of three: "12 400". */
export function exact(n: number): string {
  return String(Math.round(n)).replace(/\B(?=(\d{3})+(?!\d))/g, THIN);
}

/** At most three figures: "999", "5.5k", "12k", "1.2M". */
export function count(n: number): string {
  return Math.abs(n) < 999.5 ? n.toFixed(0) : scaled(n, ["", "k", "M", "G", "T"]);
}

/** Bytes in decimal units: "512 B", "3.1 MB". */
export function size(n: number): string {
  return Math.abs(n) < 999.5 ? `${n.toFixed(0)} B` : scaled(n, [" B", " kB", " MB", " GB", " TB", " PB"]);
}

/** Speed of work: "92/s", "3.1 MB/s" for the unit B, "12/min" or "3/h" when it is slower. */
export function rate(perSecond: number, unit?: string | null): string {
  if (unit === "B") return `${size(perSecond)}/s`;
  if (perSecond >= 1 || perSecond <= 0) return `${short(perSecond)}/s`;
  if (perSecond * MINUTE >= 1) return `${short(perSecond * MINUTE)}/min`;
  return `${short(perSecond * HOUR)}/h`;
}

/** How long something took: "0.4 s", "85 s", "12 min", "3 h 5 min", "2 d 4 h". Below 0 counts as 0. */
export function duration(seconds: number): string {
  const s = Math.max(0, seconds);
  if (s < 9.95) return `${s.toFixed(1).replace(/\.0$/, "")} s`;
  if (Math.round(s) < SECONDS) return `${s.toFixed(0)} s`;
  if (s < HOUR) return `${Math.floor(s / MINUTE)} min`;
  return s < DAY ? pair(s, HOUR, "h", MINUTE, "min") : pair(s, DAY, "d", HOUR, "h");
}

/** A time that runs, with every second: "42 s", "3 min 07 s", "2 h 05 min". */
export function running(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  if (s < MINUTE) return `${s} s`;
  if (s < HOUR) return `${Math.floor(s / MINUTE)} min ${two(s % MINUTE)} s`;
  if (s < DAY) return `${Math.floor(s / HOUR)} h ${two(Math.floor((s % HOUR) / MINUTE))} min`;
  return pair(s, DAY, "d", HOUR, "h");
}

/** How long since: "3 s ago"; "just now" below one second, also for a clock that runs behind. */
export function ago(seconds: number): string {
  return seconds < 1 ? "just now" : `${duration(Math.floor(seconds))} ago`;
}

/** How long until: "in 3 min"; "now" below one second. */
export function ahead(seconds: number): string {
  return seconds < 1 ? "now" : `in ${duration(Math.floor(seconds))}`;
}

/** The time left at `now` (milliseconds since 1970): "about 4 min", "1–2 h"; null above 24 hours, where `eta.at` says more. */
export function timeLeft(eta: Eta, now: number): string | null {
  const middle = Math.sqrt(Math.max(eta.low, 0) * Math.max(eta.high, 0));
  const left = Math.max(0, eta.at - now / 1000);
  const scale = middle > 0 ? left / middle : 0;
  const [low, high] = [eta.low * scale, eta.high * scale];
  if (high < 10) return "less than 10 s";
  if (left > DAY) return null;
  return high <= CLOSE * low ? `about ${coarse(left)}` : between(low, high);
}

/** How much is over: "5 500 of 10 000 rows (2 failed)"; empty where nothing is counted. */
export function counted(progress: Pick<Progress, "done" | "total" | "unit" | "failed" | "skipped">): string {
  const { done, total, unit } = progress;
  if (!done && total === null) return "";
  const figure = unit === "B" ? size : exact;
  const text = total === null ? figure(done) : `${figure(done)} of ${figure(total)}`;
  return `${text}${unit && unit !== "B" ? ` ${unit}` : ""}${among(progress.failed, progress.skipped)}`;
}

/** What is not well among what is over: " (6 failed, 2 skipped)"; empty where nothing is. */
export function among(failed: number, skipped: number): string {
  const told = [failed ? `${exact(failed)} failed` : "", skipped ? `${exact(skipped)} skipped` : ""].filter(Boolean);
  return told.length ? ` (${told.join(", ")})` : "";
}

/** A count with its noun: "1 job", "1 204 jobs". */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${exact(n)} ${n === 1 ? one : many}`;
}

function between(low: number, high: number): string {
  const [number, unit] = parts(high);
  if (low < (unit === "h" ? HOUR : unit === "min" ? MINUTE : 1)) return `${coarse(low)} – ${number} ${unit}`;
  const first = inUnit(low, unit);
  return first === number ? `about ${number} ${unit}` : `${first}–${number} ${unit}`;
}

function coarse(seconds: number): string {
  return parts(seconds).join(" ");
}

/** A number and its unit: seconds up to 90, minutes up to 90. */
function parts(seconds: number): [string, string] {
  const unit = seconds < SECONDS ? "s" : seconds < 90 * MINUTE ? "min" : "h";
  return [inUnit(seconds, unit), unit];
}

function inUnit(seconds: number, unit: string): string {
  if (unit === "h") return short(seconds / HOUR);
  return Math.max(unit === "min" ? seconds / MINUTE : seconds, 1).toFixed(0);
}

/** `n` with the largest unit that leaves at least 1, counting what rounding adds: never "1000k". */
function scaled(n: number, units: readonly string[]): string {
  let power = 0;
  let rest = n;
  while (power < units.length - 1 && Math.abs(rest) >= 999.5) {
    rest /= 1000;
    power += 1;
  }
  return `${short(rest)}${units[power] ?? ""}`;
}

/** One decimal below 10, else none. */
function short(n: number): string {
  if (Math.abs(n) >= 999.5) return count(n);
  return Math.abs(n) < 9.95 ? n.toFixed(1).replace(/\.0$/, "") : n.toFixed(0);
}

function pair(seconds: number, large: number, largeName: string, small: number, smallName: string): string {
  const second = Math.floor((seconds % large) / small);
  return `${Math.floor(seconds / large)} ${largeName}${second ? ` ${second} ${smallName}` : ""}`;
}

function two(n: number): string {
  return String(n).padStart(2, "0");
}
