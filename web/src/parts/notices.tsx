/** Short notices in a corner, read out politely. They never take the focus, and stay while somebody is at them. */

import { IconAlertCircle, IconCircleCheck, IconInfoCircle, IconX } from "@tabler/icons-react";
import { type FocusEvent, useEffect, useState, useSyncExternalStore } from "react";
import { shell } from "../text/shell";
import { Copy } from "./copy";
import css from "./notices.module.css";

export interface Notice {
  tone?: "good" | "bad" | "note";
  title?: string;
  text: string;
  /** Shown as a button for 10 s. */
  undo?: () => void;
  /** Another button. */
  action?: { label: string; run: () => void };
  requestId?: string | undefined;
  /** Said to screen readers, not shown. */
  spokenOnly?: boolean;
}

const SHOWN_MS = 5_000;
/** Undo, and whatever has to be read in peace, stays for so long. */
const UNDO_MS = 10_000;
const MOST = 4;
const ICONS = { good: IconCircleCheck, bad: IconAlertCircle, note: IconInfoCircle };

interface Shown extends Notice {
  id: number;
}

const listeners = new Set<() => void>();
let shown: readonly Shown[] = [];
let spoken = "";
let last = 0;

/** Shows a notice; what is returned takes it away again. */
export function notify(notice: Notice): () => void {
  if (notice.spokenOnly) {
    announce(notice.text);
    return () => {};
  }
  last += 1;
  const id = last;
  change([...shown, { ...notice, id }].slice(-MOST));
  return () => dismiss(id);
}

/** Says something to screen readers, politely. */
export function announce(text: string): void {
  spoken = text === spoken ? `${text}\u00a0` : text; // the same words twice are not a change to a screen reader
  change(shown);
}

export function Notices() {
  const list = useSyncExternalStore(
    subscribe,
    () => shown,
    () => shown,
  );
  const words = useSyncExternalStore(
    subscribe,
    () => spoken,
    () => spoken,
  );
  return (
    <section className={css.notices} aria-label={shell.notices}>
      <div role="status" className={css.spoken}>
        {words}
      </div>
      <div role="log" aria-live="polite" aria-relevant="additions">
        {list.map((notice) => (
          <Card key={notice.id} notice={notice} />
        ))}
      </div>
    </section>
  );
}

function Card({ notice }: { notice: Shown }) {
  const [held, setHeld] = useState(false);
  const { id, tone = "good" } = notice;
  const long = notice.undo !== undefined || notice.action !== undefined || tone === "bad";
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => dismiss(id), long ? UNDO_MS : SHOWN_MS);
    return () => clearTimeout(timer);
  }, [held, id, long]);
  const press = (run: () => void) => () => {
    dismiss(id);
    run();
  };
  const leave = (event: FocusEvent<HTMLElement>) => setHeld(event.currentTarget.contains(event.relatedTarget));
  const Icon = ICONS[tone];
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the pointer over it only keeps it from leaving
    <div
      className={css.notice}
      data-tone={tone}
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={leave}
    >
      <Icon className={css.icon} size={16} stroke={2} aria-hidden />
      <div className={css.words}>
        {notice.title !== undefined && <div className={css.title}>{notice.title}</div>}
        <div>{notice.text}</div>
        {notice.requestId !== undefined && <RequestId id={notice.requestId} />}
      </div>
      {notice.undo !== undefined && (
        <button type="button" className={css.undo} onClick={press(notice.undo)}>
          {shell.undo}
        </button>
      )}
      {notice.action !== undefined && (
        <button type="button" className={css.undo} onClick={press(notice.action.run)}>
          {notice.action.label}
        </button>
      )}
      <button type="button" className={css.close} aria-label={shell.dismiss} onClick={() => dismiss(id)}>
        <IconX size={14} stroke={2} aria-hidden />
      </button>
    </div>
  );
}

function RequestId({ id }: { id: string }) {
  return (
    <div className={css.more}>
      {shell.request} <span className={css.id}>{id}</span>
      <Copy value={id} what={shell.theRequestId} />
    </div>
  );
}

function dismiss(id: number): void {
  change(shown.filter((notice) => notice.id !== id));
}

function change(next: readonly Shown[]): void {
  shown = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
