/** Whether a text may hold a secret in clear. In doubt it does: who is wrong here leaves a password on a disk. */

import { readConfig } from "./json";

/** Names under which, at any depth, nothing typed is kept. The server seals by like names. */
const TELLING =
  /pass|pwd|pin$|secret|token|credential|auth|bearer|cookie|key|private|signature|jaas|dsn|connection|session/i;
/** Values that carry one themselves: addresses with a user, "password=...", long words without a space. */
const CARRYING = /:\/\/[^\s/]*@|[=:]\s*["']?\S{4,}|PRIVATE KEY|[A-Za-z0-9+/_-]{24,}/;
const HIDDEN = new Set(["***", ""]);

/** text: a configuration as it is being typed. What is no JSON yet may hold anything. */
export function mayHoldSecret(text: string): boolean {
  const { config } = readConfig(text);
  return config === null || isTold(config, false);
}

function isTold(value: unknown, below: boolean): boolean {
  if (typeof value === "string") return !HIDDEN.has(value) && (below || CARRYING.test(withoutPlainAddress(value)));
  if (typeof value === "number") return below;
  if (Array.isArray(value)) return value.some((member) => isTold(member, below));
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([name, member]) =>
    isTold(member, below || name === "$secret" || TELLING.test(name)),
  );
}

/** The scheme and port of an address without a user look like "name: value" and are not. */
function withoutPlainAddress(value: string): string {
  return value.replace(/^[a-z][a-z0-9+.-]*:\/\/[^\s@?#=;&]*$/i, "");
}
