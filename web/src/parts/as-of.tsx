/** While live updates are lost: from when what is shown is. */

import { useLost } from "../data/signal";
import { parts } from "../text/parts";
import css from "./as-of.module.css";
import { Moment } from "./moment";

/** at: milliseconds since 1970; 0 or null where nothing is shown. */
export function AsOf({ at }: { at: number | null }) {
  const lost = useLost();
  return lost && at ? (
    <span className={css.asOf}>
      {parts.asOf} <Moment at={at} as="clock" />
    </span>
  ) : null;
}
