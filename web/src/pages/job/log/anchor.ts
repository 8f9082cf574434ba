/** Lines in the address: #L120 and #L120-L140. */

import type { Range } from "./lines";

const ANCHOR = /^#?L(\d{1,9})(?:-L?(\d{1,9}))?$/;

export function rangeOf(hash: string): Range | null {
  const found = ANCHOR.exec(hash);
  if (found === null) return null;
  const [one, other] = [Number(found[1]), Number(found[2] ?? found[1])];
  return one === 0 || other === 0 ? null : { first: Math.min(one, other), last: Math.max(one, other) };
}

export function hashOf({ first, last }: Range): string {
  return first === last ? `L${first}` : `L${first}-L${last}`;
}
