/** Which session this browser has. */

import type { Session } from "@headway/client";
import { Link } from "@tanstack/react-router";
import { useOwnSession } from "../../data/own-session";
import { Copy } from "../../parts/copy";
import { Connected } from "../../parts/own-session";
import { SessionState } from "../../parts/session-state";
import { Trouble } from "../../parts/trouble";
import { Waiting } from "../../parts/waiting";
import { settings as texts } from "../../text/settings";
import { ownSession } from "../../text/shell";
import { duration, exact } from "../../text/words";
import { Row, Section } from "./row";
import css from "./settings.module.css";

/** When it is closed by itself; how long its ended jobs are kept is another thing. */
export function closing({ idle_s }: Pick<Session, "idle_s">): string {
  return idle_s === null ? texts.never : texts.idleText(duration(idle_s));
}

export function BrowserSession() {
  const { data, error, refetch } = useOwnSession();
  return (
    <Section name="session" title={texts.session} intro={texts.sessionText}>
      <Trouble error={error} what={ownSession.failed} onRetry={() => void refetch()} />
      {data === undefined && error === null && <Waiting lines={3} />}
      {data !== undefined && (
        <>
          <Row label={texts.id}>
            <span className={css.mono}>
              <Link to="/sessions/$id" params={{ id: data.id }}>
                {data.id}
              </Link>
              <Copy value={data.id} what={texts.theSession} />
            </span>
          </Row>
          <Row label={texts.state}>
            <SessionState session={data} />
            <Connected answered={error === null} />
          </Row>
          <Row label={texts.open}>
            <span className="hw-figures">{exact(data.open_jobs)}</span>
          </Row>
          <Row label={texts.idle}>
            <span>{closing(data)}</span>
          </Row>
          <Row label={texts.config}>
            <span>{texts.version(data.config_version)}</span>
          </Row>
        </>
      )}
    </Section>
  );
}
