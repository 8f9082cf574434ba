/** Grey lines where something is on its way; only after 300 ms, so that what comes at once does not flicker. */

import { type ReactNode, useEffect, useState } from "react";
import { parts } from "../text/parts";
import { Hidden } from "./hidden";
import css from "./waiting.module.css";

const PATIENCE_MS = 300;

export interface WaitingProps {
  /** How many lines to draw; the room is kept from the beginning. */
  lines?: number;
  /** A skeleton of the page's own instead. */
  children?: ReactNode;
}

export function Waiting({ lines = 3, children }: WaitingProps) {
  const late = useLate(PATIENCE_MS);
  return (
    <div className={late ? css.waiting : `${css.waiting} ${css.held}`} aria-busy="true">
      {late && (
        <span role="status">
          <Hidden>{parts.waiting}</Hidden>
        </span>
      )}
      {children ??
        Array.from({ length: lines }, (_, n) => n).map((n) => <div key={n} className={css.line} aria-hidden />)}
    </div>
  );
}

/** True once so much time has gone by since the first render. */
export function useLate(ms: number): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return late;
}
