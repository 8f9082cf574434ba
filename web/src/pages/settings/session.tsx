/** Which session this browser has. */

import { Link } from "@tanstack/react-router";
import { Copy } from "../../parts/copy";
import { Trouble } from "../../parts/trouble";
import { Waiting } from "../../parts/waiting";
import { settings as texts } from "../../text/settings";
import { duration, exact } from "../../text/words";
import { useCurrentSession } from "../sessions/queries";
import { Row, Section } from "./row";
import css from "./settings.module.css";

export function BrowserSession() {
  const { data, error, refetch } = useCurrentSession();
  return (
    <Section title={texts.session} intro={texts.sessionText}>
      <Trouble error={error} onRetry={() => void refetch()} />
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
          <Row label={texts.open}>
            <span className="hw-figures">{exact(data.open_jobs)}</span>
          </Row>
          <Row label={texts.idle}>
            <span>{data.keep_s === null ? texts.never : texts.idleText(duration(data.keep_s))}</span>
          </Row>
          <Row label={texts.config}>
            <span>{texts.version(data.config_version)}</span>
          </Row>
        </>
      )}
    </Section>
  );
}
