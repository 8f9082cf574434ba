/** What was typed and not saved. It stays while the pages are open, and over a reload where it is surely no secret. */

import { useCallback, useEffect, useState } from "react";
import { mayHoldSecret } from "./secrecy";

export interface Draft {
  text: string;
  /** The version that it was begun on. */
  version: number;
}

export function useDraft(session: string, stored: string, version: number) {
  const [draft, setDraft] = useState<Draft | null>(() => read(session));
  useEffect(() => {
    if (draft !== null && draft.text !== stored) keep(session, draft);
    else forget(session);
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

const keyOf = (session: string) => `headway.draft.${session}`;
const drafts = new Map<string, Draft>();

function read(session: string): Draft | null {
  const open = drafts.get(session);
  if (open !== undefined) return open;
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(session)) ?? "null") as Draft | null;
  } catch {
    return null; // storage is off, or holds something else
  }
}

/** In memory always; in this tab's storage only what can hold no secret, because storage is in clear on the disk. */
function keep(session: string, draft: Draft): void {
  drafts.set(session, draft);
  try {
    if (mayHoldSecret(draft.text)) sessionStorage.removeItem(keyOf(session));
    else sessionStorage.setItem(keyOf(session), JSON.stringify(draft));
  } catch {
    // Storage is full or off: the draft lasts as long as the pages.
  }
}

function forget(session: string): void {
  drafts.delete(session);
  try {
    sessionStorage.removeItem(keyOf(session));
  } catch {
    // Storage is off: nothing was kept.
  }
}
