/** Names from elsewhere inside a sentence: what they say of the direction of writing must not turn what follows. */

/** Letters written from right to left, and marks that turn the direction. */
const TURNS = /[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]/;
const FIRST_STRONG_ISOLATE = "\u2068";
const POP = "\u2069";

export function isolated(name: string): string {
  return TURNS.test(name) ? `${FIRST_STRONG_ISOLATE}${name}${POP}` : name;
}
