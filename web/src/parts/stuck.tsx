/** A job that does not pause when it was asked to: why, what else can be done, and what follows from it. */

import { Button } from "@mantine/core";
import { dialogs } from "../text/dialogs";
import { toMs } from "../text/times";
import { duration } from "../text/words";
import css from "./actions.module.css";
import { useNow } from "./now";

const texts = dialogs.stuck;
/** So long a job is left to come to its next checkpoint. */
const PATIENCE_S = 30;

export interface StuckProps {
  since: string;
  disabled: boolean;
  onCancel: () => void;
  onResume: () => void;
}

export function Stuck({ since, disabled, onCancel, onResume }: StuckProps) {
  const seconds = Math.floor((useNow() - (toMs(since) ?? 0)) / 1000);
  if (seconds < PATIENCE_S) return null;
  return (
    <section className={css.stuck} aria-label={texts.title(duration(seconds))}>
      <div className={css.stuckTitle}>{texts.title(duration(seconds))}</div>
      <p>{texts.text}</p>
      <div className={css.ways}>
        <Button size="xs" variant="default" disabled={disabled} onClick={onCancel}>
          {texts.cancel}
        </Button>
        <span>{texts.cancelText}</span>
        <Button size="xs" variant="default" disabled={disabled} onClick={onResume}>
          {texts.resume}
        </Button>
        <span>{texts.resumeText}</span>
      </div>
    </section>
  );
}
