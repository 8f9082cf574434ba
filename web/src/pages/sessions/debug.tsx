/** What the server knows of a session, and the command that asks for the same. */

import type { Session } from "@headway/client";
import { prefix } from "../../data/client";
import { useOwnSession } from "../../data/own-session";
import { Snippet } from "../../parts/copy";
import { debug as words } from "../../text/sessions";
import { writeConfig } from "./json";
import css from "./sessions.module.css";

export function Debug({ session }: { session: Session }) {
  const current = useOwnSession();
  const address = `${location.origin}${prefix}/api/v1/sessions/${encodeURIComponent(session.id)}`;
  return (
    <>
      <p className={css.quiet}>{words.about}</p>
      {current.data !== undefined && (
        <p className={css.yours}>{current.data.id === session.id ? words.isYours : words.notYours(current.data.id)}</p>
      )}
      <Snippet code={`curl ${address}`} what={words.curl} />
      <pre className={css.json}>{writeConfig(session)}</pre>
    </>
  );
}
