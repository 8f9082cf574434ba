/** What the server knows of a session, and the command that asks for the same. */

import type { Session } from "@headway/client";
import { prefix } from "../../data/client";
import { Snippet } from "../../parts/copy";
import { debug as words } from "../../text/sessions";
import { writeConfig } from "./json";
import { useCurrentSession } from "./queries";
import css from "./sessions.module.css";

export function Debug({ session }: { session: Session }) {
  const current = useCurrentSession();
  const address = `${location.origin}${prefix}/api/v1/sessions/${encodeURIComponent(session.id)}`;
  return (
    <>
      <p className={css.quiet}>{words.about}</p>
      {current.data !== undefined && (
        <p>{current.data.id === session.id ? words.isYours : words.notYours(current.data.id)}</p>
      )}
      <Snippet code={`curl ${address}`} what={words.curl} />
      <pre className={css.json}>{writeConfig(session)}</pre>
    </>
  );
}
