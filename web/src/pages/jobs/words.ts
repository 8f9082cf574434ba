/** The words of a query, where they stand, and what the box can say about them. The server reads the query; see docs. */

/** States in the order in which people look for them. */
export const STATES = [
  "pending",
  "running",
  "pausing",
  "paused",
  "interrupted",
  "cancelling",
  "rolling_back",
  "completed",
  "failed",
  "cancelled",
  "rolled_back",
  "rollback_failed",
] as const;

/** What may stand before a colon; the server is the judge of everything else. */
export const FIELDS = [
  "state",
  "type",
  "name",
  "session",
  "category",
  "context",
  "label",
  "owner",
  "error",
  "id",
  "parent",
  "root",
  "restarted_from",
  "is",
  "text",
] as const;

export type Field = (typeof FIELDS)[number];

export interface Word {
  /** As it was typed. */
  text: string;
  begin: number;
  end: number;
  denied: boolean;
  /** What stands before the colon; null for a word to look for. */
  field: string | null;
  /** What stands behind the colon, parted by commas; for a word to look for the word itself. */
  values: string[];
}

/** Every word of a query. Nothing is refused: an open quote reaches to the end. */
export function wordsOf(text: string): Word[] {
  return pieces(text).map(({ begin, end }) => wordAt(text, begin, end));
}

/** The states that a query asks for by name. */
export function statesOf(text: string): string[] {
  return wordsOf(text).flatMap((word) => (isState(word) ? word.values : []));
}

/** The query with other states asked for, none for all of them; its other words stay as they are. */
export function withStates(text: string, states: readonly string[]): string {
  const others = wordsOf(text)
    .filter((word) => !isState(word))
    .map((word) => word.text);
  return (states.length > 0 ? [`state:${states.join(",")}`, ...others] : others).join(" ");
}

/** The query with one state more or one less. */
export function toggledState(text: string, state: string): string {
  const states = statesOf(text);
  return withStates(text, states.includes(state) ? states.filter((one) => one !== state) : [...states, state]);
}

/** A value as a query takes it: in quotes where it has blanks, commas or colons. */
export function quoted(value: string): string {
  return /[\s,:"]/.test(value) ? `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"` : value;
}

export interface Suggestion {
  /** What is put in place of the characters from `begin` to `end`. */
  insert: string;
  begin: number;
  end: number;
  kind: "field" | "value";
}

/** Values that are known for a field, the likeliest first. */
export type Known = (field: string) => readonly string[];

const MOST = 8;

/** What the word at the caret may become. */
export function suggestions(text: string, caret: number, known: Known): Suggestion[] {
  const word = wordsOf(text).find((one) => one.begin <= caret && caret <= one.end);
  if (word === undefined) return fields("", caret, caret, false);
  if (word.field === null) return fields(word.text.replace(/^-/, ""), word.begin, word.end, word.denied);
  return values(word, caret, known);
}

/** The text and the caret after a suggestion was taken. A value is followed by a blank, for the next word. */
export function taken(text: string, { insert, begin, end, kind }: Suggestion): { text: string; caret: number } {
  const behind = text.slice(end);
  const filled = kind === "value" && !behind.startsWith(" ") ? `${insert} ` : insert;
  return { text: text.slice(0, begin) + filled + behind, caret: begin + filled.length };
}

function fields(typed: string, begin: number, end: number, denied: boolean): Suggestion[] {
  const sign = denied ? "-" : "";
  return FIELDS.filter((field) => field.startsWith(typed.toLowerCase()))
    .slice(0, MOST)
    .map((field) => ({ insert: `${sign}${field}:`, begin, end, kind: "field" }));
}

function values(word: Word, caret: number, known: Known): Suggestion[] {
  const colon = word.begin + word.text.indexOf(":") + 1;
  if (caret < colon) return [];
  const before = word.text.slice(colon - word.begin, caret - word.begin);
  const begin = colon + before.lastIndexOf(",") + 1;
  const typed = word.text
    .slice(begin - word.begin, caret - word.begin)
    .replaceAll('"', "")
    .toLowerCase();
  const others = new Set(word.values);
  return choices(word.field ?? "", known)
    .filter((value) => value.toLowerCase().startsWith(typed) && (value === typed || !others.has(value)))
    .slice(0, MOST)
    .map((value) => ({ insert: quoted(value), begin, end: endOfValue(word, caret), kind: "value" as const }));
}

function choices(field: string, known: Known): readonly string[] {
  if (field === "state" || field === "status") return STATES;
  if (field === "is") return ["active", "ended"];
  return known(field);
}

function endOfValue(word: Word, caret: number): number {
  const comma = word.text.indexOf(",", caret - word.begin);
  return comma < 0 ? word.end : word.begin + comma;
}

function isState(word: Word): boolean {
  return !word.denied && (word.field === "state" || word.field === "status");
}

function pieces(text: string): { begin: number; end: number }[] {
  const found = [];
  let begin = -1;
  let inQuote = false;
  for (let at = 0; at <= text.length; at++) {
    const letter = text[at];
    const parts = letter === undefined || (!inQuote && /\s/.test(letter));
    if (parts && begin >= 0) found.push({ begin, end: at });
    if (parts) begin = -1;
    else if (begin < 0) begin = at;
    if (letter === "\\" && inQuote) at++;
    else if (letter === '"') inQuote = !inQuote;
  }
  return found;
}

function wordAt(text: string, begin: number, end: number): Word {
  const word = text.slice(begin, end);
  const denied = word.startsWith("-") && word.length > 1;
  const colon = unquoted(word, ":")[0] ?? -1;
  if (colon < 0) return { text: word, begin, end, denied, field: null, values: [bare(word)] };
  const field = word.slice(denied ? 1 : 0, colon);
  return { text: word, begin, end, denied, field, values: split(word.slice(colon + 1)) };
}

function split(text: string): string[] {
  const commas = unquoted(text, ",");
  return [...commas, text.length].map((comma, i) => bare(text.slice((commas[i - 1] ?? -1) + 1, comma)));
}

/** Where a letter stands outside of quotes. */
function unquoted(text: string, letter: string): number[] {
  const found = [];
  let inQuote = false;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "\\" && inQuote) at++;
    else if (text[at] === '"') inQuote = !inQuote;
    else if (text[at] === letter && !inQuote) found.push(at);
  }
  return found;
}

function bare(text: string): string {
  return text.replace(/\\(["\\])|"/g, "$1");
}
