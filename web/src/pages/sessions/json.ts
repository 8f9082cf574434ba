/** A configuration as text: read with the place of a mistake, written as people edit it. */

import { configuration } from "../../text/sessions";

export type Config = Record<string, unknown>;
export type Read = { config: Config; problem: null } | { config: null; problem: string };

const POSITION = /position (\d+)/;

export function readConfig(text: string): Read {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (problem) {
    return { config: null, problem: placed(text, (problem as SyntaxError).message) };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { config: null, problem: configuration.notObject };
  }
  return { config: value as Config, problem: null };
}

export function writeConfig(config: unknown): string {
  return JSON.stringify(config, null, 2);
}

function placed(text: string, message: string): string {
  const found = POSITION.exec(message);
  const at = found === null ? text.length : Number(found[1]);
  const before = text.slice(0, at).split("\n");
  const why = message.replace(/ in JSON at position.*$|, ".*$/s, "").replace(/^JSON\.parse: /, "");
  return configuration.invalid(before.length, (before.at(-1)?.length ?? 0) + 1, why);
}
