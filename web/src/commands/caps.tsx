/** Keys, drawn as their caps. */

import { Fragment } from "react";
import { commands as texts } from "../text/commands";
import css from "./caps.module.css";
import { capsOf } from "./keys";

export function Caps({ keys }: { keys: string }) {
  return (
    <span className={css.keys} data-keys={keys}>
      {capsOf(keys).map((caps, n) => (
        <Fragment key={caps.join("+")}>
          {n > 0 && <span className={css.then}>{texts.thenKey}</span>}
          {caps.map((cap) => (
            <kbd key={cap} className={css.cap}>
              {cap}
            </kbd>
          ))}
        </Fragment>
      ))}
    </span>
  );
}
