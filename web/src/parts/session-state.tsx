/** Whether a session runs, in shape and words. */

import type { Session } from "@headway/client";
import { sessions as words } from "../text/sessions";
import css from "./session-state.module.css";
import { Status } from "./status";

export function SessionState({ session }: { session: Session }) {
  if (session.running > 0) return <Status state="running" label={words.runs(session.running)} />;
  if (session.open_jobs > 0) return <Status state="pending" label={words.waits(session.open_jobs)} />;
  return <span className={css.quiet}>{words.idle}</span>;
}
