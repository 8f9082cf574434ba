/** A button that copies, and a block of code with one. */

import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { parts } from "../text/parts";
import { copyText } from "./clipboard";
import css from "./copy.module.css";
import { notify } from "./notices";

const SHOWN_MS = 1500;

export interface CopyProps {
  value: string;
  /** What is copied, for the button's name: "the id". */
  what: string;
}

export function Copy({ value, what }: CopyProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    const done = await copyText(value);
    setCopied(done);
    notify(done ? { text: parts.copied, spokenOnly: true } : { tone: "bad", text: parts.copyFailed });
  };
  const label = copied ? parts.copied : parts.copy(what);
  const Icon = copied ? IconCheck : IconCopy;
  return (
    <button
      type="button"
      className={css.copy}
      data-copied={copied || undefined}
      aria-label={label}
      title={label}
      onClick={copy}
    >
      <Icon size={14} stroke={2} aria-hidden />
    </button>
  );
}

export interface SnippetProps {
  code: string;
  /** What it is, for the button's name: "the command". */
  what: string;
}

export function Snippet({ code, what }: SnippetProps) {
  return (
    <div className={css.block}>
      <pre>
        <code>{code}</code>
      </pre>
      <Copy value={code} what={what} />
    </div>
  );
}
