/** What has failed lately, by cause: one line for each, with a way to try all of it again. */

import { Button, SegmentedControl } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { useLost } from "../../data/signal";
import { AsOf } from "../../parts/as-of";
import { useBulkStarted } from "../../parts/bulk-started";
import { confirm } from "../../parts/confirm";
import { Moment } from "../../parts/moment";
import { Status } from "../../parts/status";
import { Trouble } from "../../parts/trouble";
import { Waiting } from "../../parts/waiting";
import { home as texts } from "../../text/home";
import { recovery } from "../../text/recovery";
import { quoted } from "../jobs/words";
import css from "./home.module.css";
import { type FailureGroup, SPANS, type Span, useFailures } from "./reads";
import type { Whose } from "./whose";

const ROLLBACK = "rollback failed";
const NAMES = Object.keys(SPANS) as Span[];

export interface FailuresProps {
  span: Span;
  onSpan: (span: Span) => void;
  whose: Whose;
}

export function Failures({ span, onSpan, whose }: FailuresProps) {
  const { data, error, dataUpdatedAt, refetch } = useFailures(span, whose.asked);
  const words = texts.spans[span] ?? span;
  const lost = useLost();
  return (
    <section className={css.panel} data-lost={lost || undefined} aria-labelledby="failures">
      <div className={css.panelHead}>
        <h2 id="failures">{texts.failures(words)}</h2>
        {error === null && <AsOf at={dataUpdatedAt} />}
        <SegmentedControl
          size="xs"
          aria-label={texts.spanLabel}
          value={span}
          onChange={(value) => onSpan(NAMES.find((one) => one === value) ?? "24h")}
          data={NAMES.map((one) => ({ value: one, label: one }))}
        />
      </div>
      {error !== null && (
        <Trouble
          error={error}
          asOf={data === undefined ? null : dataUpdatedAt}
          onRetry={() => void refetch()}
          what={texts.failures(words)}
        />
      )}
      {data === undefined && error === null && <Waiting lines={3} />}
      {data?.failures.length === 0 && <p className={css.calm}>{texts.noFailures(words)}</p>}
      {data !== undefined && data.failures.length > 0 && (
        <ul className={css.rows}>
          {data.failures.map((group) => (
            <Group key={`${group.type} ${group.code} ${group.pattern}`} group={group} words={whose.words} />
          ))}
        </ul>
      )}
      {data?.more && <p className={css.quiet}>{texts.moreFailures}</p>}
    </section>
  );
}

function Group({ group, words }: { group: FailureGroup; words: string }) {
  const lost = useLost();
  const started = useBulkStarted();
  const navigate = useNavigate();
  const { type, jobs, count } = group;
  const undoing = group.verb === "rollback";
  const retry = async () => {
    const newest = jobs.length < count ? ` ${texts.retryNewest(jobs.length, count)}` : "";
    const title = texts.retryTitle(jobs.length, type);
    const body = `${texts.retryBody}${newest}`;
    if (!(await confirm({ title, body, action: texts.retryGroup(jobs.length) }))) return;
    await started({ verb: "retry", ids: jobs }, texts.retryName(jobs.length, type));
  };
  return (
    <li className={css.failure}>
      <Status state={undoing ? "rollback_failed" : "failed"} brief />
      <div className={css.failureWords}>
        <Link
          to="/jobs"
          search={{ q: `${undoing ? "state:rollback_failed" : `state:failed type:${quoted(type)}`}${words}` }}
          className={css.message}
          title={group.message}
        >
          {group.message}
        </Link>
        <span className={css.quiet}>
          {undoing ? recovery.causes[ROLLBACK] : type} · {group.cause} · {texts.last} <Moment at={group.last_at} />
        </span>
      </div>
      <span className={css.times}>{texts.times(count)}</span>
      <Button
        size="compact-sm"
        variant="default"
        disabled={lost}
        title={lost ? recovery.offline : undefined}
        onClick={() => void (undoing ? navigate({ to: "/recovery", search: { cause: ROLLBACK } }) : retry())}
      >
        {undoing
          ? recovery.rollBackAgain
          : jobs.length < count
            ? texts.retrySome(jobs.length)
            : texts.retryGroup(jobs.length)}
      </Button>
    </li>
  );
}
