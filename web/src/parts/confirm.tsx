/** Dialogs that are asked for by code. One at a time; leaving it any way but by its button means no. */

import { Button, Modal } from "@mantine/core";
import { type ReactNode, useSyncExternalStore } from "react";
import { dialog } from "../text/shell";
import css from "./confirm.module.css";

export interface Question {
  title: string;
  /** What it is about, how many, and what is lost. */
  body: ReactNode;
  /** What the button says that does it: "Delete job 17". */
  action: string;
  /** What the safe button says; it has the focus. */
  safe?: string;
  /** It destroys something. */
  danger?: boolean;
}

/** Asks, and answers true only when the button that does it was pressed. */
export function confirm(question: Question): Promise<boolean> {
  return ask<boolean>((answer) => ({
    title: question.title,
    body: <Simple question={question} answer={answer} />,
  })).then((said) => said === true);
}

interface Asked {
  title: string;
  body: ReactNode;
}

interface Open extends Asked {
  id: number;
  close: () => void;
}

const listeners = new Set<() => void>();
let open: Open | null = null;
let last = 0;

/** Shows a dialog of one's own; null where it was left without an answer. */
export function ask<T>(content: (answer: (value: T | null) => void) => Asked): Promise<T | null> {
  open?.close();
  return new Promise((resolve) => {
    last += 1;
    const id = last;
    const answer = (value: T | null) => {
      if (open?.id === id) change(null);
      resolve(value);
    };
    change({ ...content(answer), id, close: () => answer(null) });
  });
}

export function Dialogs() {
  const shown = useSyncExternalStore(
    subscribe,
    () => open,
    () => open,
  );
  return (
    <Modal
      opened={shown !== null}
      onClose={() => shown?.close()}
      title={shown?.title}
      centered
      radius="md"
      transitionProps={{ duration: 0 }}
      closeButtonProps={{ "aria-label": dialog.close }}
      classNames={{ content: css.content }}
    >
      {shown?.body}
    </Modal>
  );
}

function Simple({ question, answer }: { question: Question; answer: (said: boolean) => void }) {
  return (
    <>
      <div className={css.body}>{question.body}</div>
      <Choices safe={question.safe ?? dialog.cancel} onSafe={() => answer(false)}>
        <Button {...(question.danger ? { color: "red" } : {})} onClick={() => answer(true)}>
          {question.action}
        </Button>
      </Choices>
    </>
  );
}

/** The buttons of a dialog: the safe one first and with the focus. */
export function Choices({ safe, onSafe, children }: { safe: string; onSafe: () => void; children: ReactNode }) {
  return (
    <div className={css.choices}>
      <Button variant="default" data-autofocus onClick={onSafe}>
        {safe}
      </Button>
      {children}
    </div>
  );
}

function change(next: Open | null): void {
  open = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
