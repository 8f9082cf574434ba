/** What in an address a page can not use: said by all pages in the same words. */

/** A value that means nothing here, and those that would; null where they can not be listed. */
export interface Unread {
  name: string;
  value: string;
  known: readonly string[] | null;
}

/** unknown: names of parameters that the page has not; unread: those that it has, with a value that it can not read. */
export function addressNotes(unknown: readonly string[], unread: readonly Unread[]): string {
  return [...(unknown.length === 0 ? [] : [unknownText(unknown)]), ...unread.map(unreadText)].join(" ");
}

function unknownText(names: readonly string[]): string {
  return `The address has ${names.map((name) => `“${name}”`).join(", ")}, which this page does not know. It is kept and has no effect.`;
}

function unreadText({ name, value, known }: Unread): string {
  const told = known === null || known.length === 0 ? "" : `; known are ${known.join(", ")}`;
  return `“${value}” is no value of “${name}” in the address${told}. It has no effect.`;
}
