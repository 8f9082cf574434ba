/** A titled part of a tab. */

import { type ReactNode, useId } from "react";
import css from "./panel.module.css";

export interface PanelProps {
  title: string;
  about?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  /** Without a frame of its own, where what is inside has one. */
  bare?: boolean;
}

export function Panel({ title, about, actions, children, bare = false }: PanelProps) {
  const heading = useId();
  return (
    <section className={css.panel} aria-labelledby={heading}>
      <div className={css.top}>
        <h2 id={heading} className={css.heading}>
          {title}
        </h2>
        {about !== undefined && <span className={css.about}>{about}</span>}
        {actions !== undefined && <div className={css.actions}>{actions}</div>}
      </div>
      <div className={bare ? undefined : css.body}>{children}</div>
    </section>
  );
}

/** A quiet sentence where there is nothing to show. */
export function Quiet({ children }: { children: ReactNode }) {
  return <p className={css.quiet}>{children}</p>;
}
