/** Times beside log lines. */

const CLOCK = {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
  hourCycle: "h23",
} as const;
const LOCAL = new Intl.DateTimeFormat("en-GB", CLOCK);
const UTC = new Intl.DateTimeFormat("en-GB", { ...CLOCK, timeZone: "UTC" });

/** at: as the server tells it; startedAt: milliseconds since 1970. */
export function clock(at: string, times: "relative" | "absolute", zone: "local" | "UTC", startedAt: number): string {
  const moment = Date.parse(at);
  if (times === "absolute") return (zone === "UTC" ? UTC : LOCAL).format(moment);
  const seconds = Math.max(0, (moment - startedAt) / 1000);
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds.toFixed(3)}s` : `${minutes}m ${(seconds % 60).toFixed(1).padStart(4, "0")}s`;
}
