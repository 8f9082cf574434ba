/** What somebody is given to run in a terminal or a program of their own. */

/** As one word of a shell. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Whether it says, or leaves out, where jobs are kept. */
export function hasPlace(code: string): boolean {
  return code.startsWith("headway ") || code.includes("headway.Headway(");
}

/** Who keeps the lease of a job itself, and so needs the database itself. */
const NEEDS_DATABASE = /^headway (run|worker) /;

/**
 * A command of Headway's, so that it reaches the database of these pages. url: as the server tells it; null: it asks
 * for a token and tells none, and `server`, the address of the pages, takes all verbs that do not need the database.
 */
export function reaching(command: string, url: string | null, server: string): string {
  const place = url ?? (NEEDS_DATABASE.test(command) ? "" : server);
  return place === "" ? command : command.replace(/^headway /, () => `headway --url ${quoted(place)} `);
}

/** Where to run what can not name the database; null where it does. */
export function whereToRun(code: string, url: string | null): string | null {
  return url === null && (NEEDS_DATABASE.test(code) || code.includes("headway.Headway()"))
    ? terminal.onTheServer
    : null;
}

export const terminal = {
  onTheServer:
    "Run it on the server's machine. If the server was started with --url, name the same place, by --url or $HEADWAY_URL.",
} as const;
