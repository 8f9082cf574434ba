/** How two configurations differ: changed values only, by their path, and never what a secret is. */

import type { Config } from "./json";

export interface Change {
  path: string;
  change: "added" | "removed" | "changed";
  from?: unknown;
  to?: unknown;
  secret: boolean;
}

/** A value that was not there. */
export const NOTHING = Symbol("nothing");

export function changesBetween(from: unknown, to: unknown, path = ""): Change[] {
  if (isPlain(from) && isPlain(to)) {
    const names = new Set([...Object.keys(from), ...Object.keys(to)]);
    return [...names].flatMap((name) => changesBetween(ownOf(from, name), ownOf(to, name), joined(path, name)));
  }
  if (from === NOTHING) return [{ path, change: "added", to: shown(to), secret: isSecret(to) }];
  if (to === NOTHING) return [{ path, change: "removed", from: shown(from), secret: isSecret(from) }];
  if (isSame(from, to)) return [];
  return [{ path, change: "changed", from: shown(from), to: shown(to), secret: isSecret(from) || isSecret(to) }];
}

export interface Merge {
  merged: Config;
  /** Paths that both have changed, each in another way. */
  disputed: string[];
}

/** Three ways: what only one side has changed is taken; what both have is taken as `prefer` says. */
export function mergeOf(
  base: Config,
  mine: Config,
  theirs: Config,
  prefer: ReadonlyMap<string, "mine" | "theirs">,
): Merge {
  const merged = structuredClone(theirs);
  const theirPaths = new Map(changesBetween(base, theirs).map((change) => [change.path, change]));
  const disputed: string[] = [];
  for (const change of changesBetween(base, mine)) {
    const other = [...theirPaths.values()].find((one) => overlaps(one.path, change.path));
    const both = other !== undefined && !(other.path === change.path && isSame(other.to, change.to));
    if (both) disputed.push(change.path);
    if (!both || (prefer.get(change.path) ?? "theirs") === "mine") put(merged, change.path, valueAt(mine, change.path));
  }
  return { merged, disputed };
}

export function isSecret(value: unknown): boolean {
  return isObject(value) && Object.hasOwn(value, "$secret");
}

function shown(value: unknown): unknown {
  return isSecret(value) ? undefined : value;
}

function isPlain(value: unknown): value is Config {
  return isObject(value) && !isSecret(value);
}

function isObject(value: unknown): value is Config {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function joined(path: string, name: string): string {
  const part = name.replaceAll("~", "~0").replaceAll("/", "~1");
  return path === "" ? part : `${path}/${part}`;
}

function partsOf(path: string): string[] {
  return path.split("/").map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function overlaps(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`);
}

/** Names come from what people type: `__proto__` and `toString` are names like any other, never what every object has. */
function ownOf(object: Config, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : NOTHING;
}

function valueAt(config: Config, path: string): unknown {
  let value: unknown = config;
  for (const part of partsOf(path)) {
    if (!isObject(value)) return NOTHING;
    value = ownOf(value, part);
  }
  return value;
}

function put(config: Config, path: string, value: unknown): void {
  const parts = partsOf(path);
  const last = parts.pop();
  if (last === undefined) return;
  let place = config;
  for (const part of parts) {
    const inner = ownOf(place, part);
    place = isObject(inner) ? inner : define(place, part, {});
  }
  if (value === NOTHING) Reflect.deleteProperty(place, last);
  else define(place, last, value);
}

function define<T>(object: Config, name: string, value: T): T {
  Object.defineProperty(object, name, { value, configurable: true, enumerable: true, writable: true });
  return value;
}

/** What comes after one of a row, or before it, and around at the ends; the first or the last after what is not in it. */
export function neighbour<T>(all: readonly T[], one: T | null, by: 1 | -1): T | null {
  const at = one === null ? -1 : all.indexOf(one);
  return all.at(by === 1 ? (at + 1) % all.length : Math.max(at, 0) - 1) ?? null;
}
