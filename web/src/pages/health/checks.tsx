/** What was looked at, and how this browser is connected. */

import type { Health } from "@headway/client";
import { useSignal } from "../../data/signal";
import { Moment } from "../../parts/moment";
import { Status } from "../../parts/status";
import { health as texts } from "../../text/health";
import css from "./health.module.css";

export function Checks({ checks }: { checks: Health["checks"] }) {
  return (
    <section className={css.section} aria-label={texts.checks}>
      <ul className={css.checks}>
        {checks.map((check) => (
          <li key={check.name} className={css.check} data-check={check.name}>
            <Status state={check.status} />
            <span className={css.name}>{texts.names[check.name] ?? check.name}</span>
            <span className={css.found}>
              {check.found}
              {check.remedy !== null && (
                <div className={css.remedy}>
                  {texts.remedy} {check.remedy}
                </div>
              )}
            </span>
          </li>
        ))}
        <Browser />
      </ul>
    </section>
  );
}

function Browser() {
  const { state, since } = useSignal();
  return (
    <li className={css.check} data-check="browser">
      <Status state={state === "live" || state === "idle" ? "ok" : "warning"} />
      <span className={css.name}>{texts.browser}</span>
      <span className={css.found}>
        {texts.connection[state] ?? state}
        {since > 0 && (
          <>
            {" "}
            {texts.since} <Moment at={since} as="clock" />
          </>
        )}
      </span>
    </li>
  );
}
