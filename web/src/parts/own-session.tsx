/** Which session this browser is in, whether it runs, and whether the server is heard: in small print below the pages. */

import { IconPlugConnected, IconPlugConnectedX } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useOwnSession } from "../data/own-session";
import { useSignal } from "../data/signal";
import { ownSession as texts } from "../text/shell";
import css from "./own-session.module.css";
import { SessionState } from "./session-state";

/** How the ids begin of sessions that browsers get by themselves: they are long, and tell nobody anything. */
const OF_BROWSERS = "web-";

export function OwnSession({ onGo }: { onGo: () => void }) {
  const { data, isError } = useOwnSession();
  if (data === undefined && !isError) return null;
  return (
    <section className={css.own} aria-label={texts.label}>
      {data !== undefined && (
        <Link to="/sessions/$id" params={{ id: data.id }} className={css.id} title={data.id} onClick={onGo}>
          {data.id.startsWith(OF_BROWSERS) && <span className={css.browser}>{`${texts.link} `}</span>}
          {data.id}
        </Link>
      )}
      <span className={css.marks}>
        {isError && texts.failed}
        {data !== undefined && !isError && <SessionState session={data} />}
        <Connected answered={!isError} />
      </span>
    </section>
  );
}

export function Connected({ answered }: { answered: boolean }) {
  const { state, lostAt } = useSignal();
  // Idle is as good: a page that follows nothing has nothing to lose.
  const connected = answered && lostAt === null && (state === "live" || state === "idle");
  const Icon = connected ? IconPlugConnected : IconPlugConnectedX;
  return (
    <span className={css.connected}>
      <Icon size={14} stroke={2} aria-hidden />
      {connected ? texts.connected : texts.notConnected}
    </span>
  );
}
