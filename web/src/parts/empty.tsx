/** Nothing to show, for one of three reasons that are told apart: there is nothing yet, nothing fits, or it may not be seen. */

import { Button } from "@mantine/core";
import { IconFilterOff, IconInbox, IconLock } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { empty } from "../text/parts";
import { Command } from "./command";
import css from "./empty.module.css";

export interface EmptyProps {
  kind: "nothing yet" | "nothing matches" | "not allowed";
  title?: string;
  children?: ReactNode;
  /** One command or piece of code that makes there be something. */
  snippet?: string;
  /** What the snippet is, for the button that copies it: "the command". */
  what?: string;
  /** What was looked for. */
  filter?: string;
  onClear?: () => void;
}

const ICONS = { "nothing yet": IconInbox, "nothing matches": IconFilterOff, "not allowed": IconLock };

export function Empty({ kind, title, children, snippet, what = empty.command, filter, onClear }: EmptyProps) {
  const Icon = ICONS[kind];
  return (
    <div className={css.empty} data-empty={kind}>
      <Icon className={css.icon} size={28} stroke={1.5} aria-hidden />
      <div className={css.title}>{title ?? empty[kind].title}</div>
      <div className={css.text}>{children ?? empty[kind].text}</div>
      {filter !== undefined && (
        <div>
          {empty.filter} <span className={css.filter}>{filter}</span>
        </div>
      )}
      {onClear !== undefined && (
        <Button variant="default" size="xs" onClick={onClear}>
          {empty.clear}
        </Button>
      )}
      {snippet !== undefined && (
        <div className={css.snippet}>
          <Command code={snippet} what={what} />
        </div>
      )}
    </div>
  );
}
