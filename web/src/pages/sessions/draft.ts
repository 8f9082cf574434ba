/** What was typed and not saved: kept in this browser until it is saved or discarded. Never with a secret in it. */

import { useCallback, useEffect, useState } from "react";
import { readConfig } from "./json";

export interface Draft {
  text: string;
  /** The version that it was begun on. */
  version: number;
}

export function useDraft(session: string, stored: string, version: number) {
  const [draft, setDraft] = useState<Draft | null>(() => read(session));
  useEffect(() => {
    const unsaved = draft !== null && draft.text !== stored;
    if (!unsaved || holdsNewSecret(draft.text)) forget(session);
    else keep(session, draft);
  }, [session, draft, stored]);
  const edit = useCallback(
    (text: string) => setDraft((before) => ({ text, version: before?.version ?? version })),
    [version],
  );
  const rebase = useCallback((text: string, on: number) => setDraft({ text, version: on }), []);
  const discard = useCallback(() => setDraft(null), []);
  return {
    text: draft?.text ?? stored,
    version: draft?.version ?? version,
    isChanged: draft !== null && draft.text !== stored,
    edit,
    rebase,
    discard,
  };
}

const HIDDEN = new Set(["***", ""]);

/** Whether a secret was typed in: local storage is no place for it. Text that is no JSON may hold one. */
export function holdsNewSecret(text: string): boolean {
  const { config } = readConfig(text);
  return config === null ? text.includes("$secret") : isTyped(config);
}

function isTyped(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([name, member]) =>
    name === "$secret"
      ? typeof member === "string" && !HIDDEN.has(member)
      : LIKELY.test(name) && isText(member)
        ? true
        : isTyped(member),
  );
}

/** Names under which the server seals what it is given. */
const LIKELY = /(pass|pwd|secret|token|credential|auth|bearer|cookie|key)/i;

function isText(member: unknown): boolean {
  return (typeof member === "string" || typeof member === "number") && !HIDDEN.has(String(member));
}

const keyOf = (session: string) => `headway.draft.${session}`;

function read(session: string): Draft | null {
  try {
    return JSON.parse(localStorage.getItem(keyOf(session)) ?? "null") as Draft | null;
  } catch {
    return null; // storage is off, or holds something else
  }
}

function keep(session: string, draft: Draft): void {
  try {
    localStorage.setItem(keyOf(session), JSON.stringify(draft));
  } catch {
    // Storage is full or off: the draft lasts as long as the page.
  }
}

function forget(session: string): void {
  try {
    localStorage.removeItem(keyOf(session));
  } catch {
    // Storage is off: nothing was kept.
  }
}
