/** Moments as dates and clock times, in the zone that the person has chosen. English, whatever the browser speaks. */

export type Zone = "local" | "UTC";

const formats = new Map<string, Intl.DateTimeFormat>();

/** Milliseconds since 1970 from a Date, RFC 3339 text, or a number of seconds or milliseconds; null where it is none. */
export function toMs(at: string | number | Date): number | null {
  if (typeof at === "number") return at < 1e11 ? at * 1000 : at;
  const ms = at instanceof Date ? at.getTime() : Date.parse(at);
  return Number.isNaN(ms) ? null : ms;
}

/** "14:02:11" */
export function clock(ms: number, zone: Zone): string {
  return format(zone, { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(ms);
}

/** "22 Nov 2026, 14:02:11 CET" */
export function absolute(ms: number, zone: Zone): string {
  return format(zone, {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "short",
  }).format(ms);
}

/** "22 Nov, 14:02": for places where the year is clear. */
export function dayAndTime(ms: number, zone: Zone): string {
  return format(zone, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }).format(ms);
}

/** "22 Nov 2026" */
export function day(ms: number, zone: Zone): string {
  return format(zone, { day: "numeric", month: "short", year: "numeric" }).format(ms);
}

/** "2026-11-22T13:02:11.000Z": what is copied. */
export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function format(zone: Zone, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${Object.keys(options).join(" ")}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-GB", {
    ...options,
    hourCycle: "h23",
    ...(zone === "UTC" ? { timeZone: "UTC" } : {}),
  });
  formats.set(key, made);
  return made;
}
