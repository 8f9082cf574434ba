/** How long to wait before trying again. */

export const FIRST_MS = 250;
export const LONGEST_MS = 10_000;

/** The pause after so many tries: doubling up to 10 s, with full jitter, so that many do not come back at one moment. */
export function pauseAfter(tries: number, random: () => number = Math.random): number {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, tries - 1));
  return Math.round(random() * longest);
}
