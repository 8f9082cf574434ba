/** The head of a page: its one heading, a line below it, and what can be done. It names the document too. */

import { type ReactNode, useEffect } from "react";
import { shell } from "../text/shell";
import css from "./page-head.module.css";

export interface PageHeadProps {
  title: ReactNode;
  /** The title of the document, where `title` is not text. */
  name?: string;
  sub?: ReactNode;
  actions?: ReactNode;
}

export function PageHead({ title, name, sub, actions }: PageHeadProps) {
  useDocumentTitle(name ?? (typeof title === "string" ? title : shell.name));
  return (
    <header className={css.head}>
      <div className={css.words}>
        <h1 className={css.title}>{title}</h1>
        {sub !== undefined && <div className={css.sub}>{sub}</div>}
      </div>
      {actions !== undefined && <div className={css.actions}>{actions}</div>}
    </header>
  );
}

export function useDocumentTitle(name: string): void {
  useEffect(() => {
    document.title = name === shell.name ? name : `${name} · ${shell.name}`;
  }, [name]);
}
