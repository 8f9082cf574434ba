/** Who calls, as far as that tells which tabs may share a connection. */

import type { Http } from "./http.js";

/** Claims of a token that are others in each one that a caller gets. */
const PASSING = new Set(["exp", "iat", "nbf", "jti", "auth_time"]);

/** A name for the server and the caller; it says nothing about the token. Throws what the source of tokens throws. */
export async function sharedName(http: Http): Promise<string> {
  const token = await http.token();
  const server = new URL(http.address("/"), location.href).href;
  const said = JSON.stringify([server, http.session ?? null, token === null ? null : lasting(token)]);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(said));
  const short = Array.from(new Uint8Array(digest).slice(0, 12), (byte) => byte.toString(16).padStart(2, "0"));
  return `headway:${short.join("")}`;
}

/** What stays the same in the tokens of one caller: the claims of a JWT, else the whole token. */
function lasting(token: string): string {
  const body = token.split(".")[1];
  try {
    const claims: unknown = JSON.parse(atob((body ?? "").replaceAll("-", "+").replaceAll("_", "/")));
    if (typeof claims !== "object" || claims === null) return token;
    return JSON.stringify(
      Object.entries(claims)
        .filter(([name]) => !PASSING.has(name))
        .sort(),
    );
  } catch {
    return token;
  }
}
