/** Every command that can be given now: keys, palette, help sheet and tooltips all read this one list. */

export interface Command {
  id: string;
  /** Such as "r", "mod+k", "g h"; several where any of them will do. Without keys it is in the palette alone. */
  keys?: string | readonly string[];
  title: string;
  /** "everywhere" for what stands around all pages: a page may take its keys. Default: "page". */
  scope?: "page" | "everywhere";
  /** The heading under which the help sheet has it. */
  group?: string;
  /** The event is missing when it was chosen in the palette. */
  run: (event?: KeyboardEvent) => void;
  /** Whether it can be given at this moment. It stays in the help sheet. */
  when?: boolean | (() => boolean);
  /** Keys with Ctrl or Cmd that work while somebody types, too. */
  inFields?: boolean;
  /** False: only by its keys, such as the next row. */
  palette?: boolean;
}

type Listener = () => void;

const listeners = new Set<Listener>();
let commands: readonly Command[] = [];

/** Offers a command; what is returned takes it back. */
export function register(command: Command): () => void {
  change([...commands, command]);
  return () => change(commands.filter((one) => one !== command));
}

/** All commands, in the order in which they came. */
export function registered(): readonly Command[] {
  return commands;
}

export function subscribe(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function keysOf(command: Pick<Command, "keys">): readonly string[] {
  if (command.keys === undefined) return [];
  return typeof command.keys === "string" ? [command.keys] : command.keys;
}

export function isPossible(command: Command): boolean {
  return typeof command.when === "function" ? command.when() : (command.when ?? true);
}

/** The command to give for what was typed: a page comes before what stands around it, else the newest wins. */
export function find(typed: string): Command | undefined {
  return owner(typed, commands.filter(isPossible));
}

/** The keys of a command that are not taken by another one. */
export function ownKeys(command: Command, list: readonly Command[]): readonly string[] {
  return keysOf(command).filter((keys) => owner(keys, list)?.id === command.id);
}

function owner(keys: string, list: readonly Command[]): Command | undefined {
  const those = list.filter((command) => keysOf(command).includes(keys));
  return those.findLast((command) => command.scope !== "everywhere") ?? those.at(-1);
}

/** Whether something begins with these strokes and goes on. */
export function isBeginning(typed: string): boolean {
  return commands.some((command) => keysOf(command).some((keys) => keys.startsWith(`${typed} `)));
}

/** Keys on which two commands lie, with both. */
export function clashes(list: readonly Pick<Command, "id" | "keys">[]): [string, string, string][] {
  const taken = new Map<string, string>();
  const found: [string, string, string][] = [];
  for (const command of list) {
    for (const keys of keysOf(command)) {
      const other = taken.get(keys);
      if (other !== undefined && other !== command.id) found.push([keys, other, command.id]);
      taken.set(keys, command.id);
    }
  }
  return found;
}

function change(next: readonly Command[]): void {
  commands = next;
  for (const listener of listeners) listener();
}
