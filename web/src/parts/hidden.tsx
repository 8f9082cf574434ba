/** Text for screen readers alone. */

import type { ReactNode } from "react";
import css from "./hidden.module.css";

export function Hidden({ children }: { children: ReactNode }) {
  return <span className={css.hidden}>{children}</span>;
}
