/** The attempts side by side: who tried, how long, and how it ended. */

import type { components } from "@headway/client";
import { type ReactNode, useMemo } from "react";
import { Duration } from "../../../parts/duration";
import { Empty } from "../../../parts/empty";
import { Moment } from "../../../parts/moment";
import { Status } from "../../../parts/status";
import { attempts as text } from "../../../text/job/attempts";
import { plural } from "../../../text/words";
import { useJob } from "../followed";
import { useHistory } from "../history";
import { Read } from "../read";
import { useAttempts } from "../reads";
import { cleaned } from "../trace";
import css from "./attempts.module.css";

type Attempt = components["schemas"]["Attempt"];

/** How an attempt that ended by a move is drawn. */
const LOOKS: Record<string, string> = {
  finish: "completed",
  fail: "failed",
  back_off: "failed",
  halt: "paused",
  leave: "interrupted",
  lose: "interrupted",
  expire: "failed",
};

export default function Attempts() {
  const query = useAttempts();
  return (
    <Read query={query}>
      {(attempts) =>
        attempts.length === 0 ? (
          <Empty kind="nothing yet" title={text.none}>
            {text.noneText}
          </Empty>
        ) : (
          <ol className={css.list} aria-label={text.label}>
            {attempts.map((attempt, index) => (
              <One key={attempt.attempt} attempt={attempt} before={attempts[index - 1] ?? null} />
            ))}
          </ol>
        )
      }
    </Read>
  );
}

function One({ attempt, before }: { attempt: Attempt; before: Attempt | null }) {
  const job = useJob();
  const waitedFrom = before?.ended_at ?? job.created_at;
  const steps = useStepsIn(attempt.attempt);
  const ended = attempt.outcome !== null;
  const word = ended ? (text.outcomes[attempt.outcome ?? ""] ?? attempt.outcome ?? "") : text.ongoing;
  return (
    <li className={css.card}>
      <div className={css.top}>
        <h2 className={css.title}>{text.title(attempt.attempt)}</h2>
        <Status state={ended ? (LOOKS[attempt.outcome ?? ""] ?? "cancelled") : "running"} label={word} />
      </div>
      <dl className={css.facts}>
        <Fact label={text.began}>
          <Moment at={attempt.started_at} as="date" />
        </Fact>
        <Fact label={text.waited}>
          <Duration since={waitedFrom} until={attempt.started_at} />
        </Fact>
        <Fact label={text.took}>
          <Duration since={attempt.started_at} until={attempt.ended_at} />
        </Fact>
        <Fact label={text.worker}>
          <code className={css.worker}>{attempt.worker}</code>
        </Fact>
        <Fact label={text.steps}>{steps === "" ? "–" : steps}</Fact>
      </dl>
      {attempt.error !== null && (
        <Fault error={attempt.error} same={before?.error?.message === attempt.error.message} />
      )}
    </li>
  );
}

function Fault({ error, same }: { error: NonNullable<Attempt["error"]>; same: boolean }) {
  return (
    <details className={css.error} open={!same}>
      <summary>{same ? text.same : text.error}</summary>
      <pre>{error.trace ? cleaned(error.trace).text : error.message}</pre>
    </details>
  );
}

/** The steps that ended in an attempt, in words. */
function useStepsIn(attempt: number): string {
  const { events } = useHistory();
  return useMemo(() => {
    const mine = events.filter((event) => event.kind === "step" && event.attempt === attempt);
    const ended = mine.filter((event) => event.data.state === "completed").length;
    const failed = mine.filter((event) => event.data.state === "failed").map((event) => event.name);
    const parts = [
      ended > 0 ? `${plural(ended, "step")} completed` : "",
      failed.length > 0 ? `${failed.join(", ")} failed` : "",
    ];
    return parts.filter(Boolean).join("; ");
  }, [events, attempt]);
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
