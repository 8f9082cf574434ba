/** Which session this browser has. */

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { client } from "../../data/client";
import { Copy } from "../../parts/copy";
import { Trouble } from "../../parts/trouble";
import { Waiting } from "../../parts/waiting";
import { settings as texts } from "../../text/settings";
import { duration, exact } from "../../text/words";
import { Row, Section } from "./row";
import css from "./settings.module.css";

export function BrowserSession() {
  const { data, error, refetch } = useQuery({
    queryKey: ["session", "current"],
    queryFn: async ({ signal }) => (await client.rest.GET("/api/v1/sessions/current", { signal })).data,
  });
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
