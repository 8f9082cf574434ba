/** How the server is: what was looked at, its workers, the queue, and what to do where something is wrong. */

import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { Hint, useCommand } from "../../commands";
import { copyText } from "../../parts/clipboard";
import { Moment } from "../../parts/moment";
import { notify } from "../../parts/notices";
import { PageHead } from "../../parts/page-head";
import { Status } from "../../parts/status";
import { SupportBundle } from "../../parts/support-bundle";
import { Trouble } from "../../parts/trouble";
import { Waiting } from "../../parts/waiting";
import { health as texts } from "../../text/health";
import { pages } from "../../text/pages";
import { parts } from "../../text/parts";
import { Checks } from "./checks";
import css from "./health.module.css";
import { Queue } from "./queue";
import { asText, lastReport, type Report, readReport } from "./report";
import { Workers } from "./workers";

const EVERY_MS = 5_000;

export default function HealthPage() {
  const {
    data: newest,
    error,
    isPaused,
    refetch,
  } = useQuery({
    queryKey: ["health", "report"],
    queryFn: ({ signal }) => readReport(signal),
    refetchInterval: EVERY_MS,
    retry: false,
  });
  const data = newest ?? (error === null && !isPaused ? undefined : lastReport());
  useCommand({
    id: "health.copy",
    keys: "y",
    title: texts.copy,
    when: data !== undefined,
    run: () => data !== undefined && void copy(data),
  });
  return (
    <>
      <PageHead
        title={pages.health}
        sub={data !== undefined && <Summary report={data} />}
        actions={data !== undefined && <CopyReport report={data} />}
      />
      <Trouble error={error} what={texts.failed} asOf={data?.at ?? null} onRetry={() => void refetch()} />
      {data === undefined && error === null && <Waiting lines={8} />}
      {data !== undefined && (
        <>
          <NewRelease release={data.health.release} />
          <Checks checks={data.health.checks} />
          {data.health.status !== "failing" && (
            <>
              <Queue counts={data.counts} />
              <Workers workers={data.workers} />
            </>
          )}
        </>
      )}
    </>
  );
}

function Summary({ report: { health, at } }: { report: Report }) {
  return (
    <span className={css.summary}>
      <Status state={health.status} label={texts.summary[health.status]} />
      <span>{texts.release(health.release)}</span>
      <span>
        {parts.asOf} <Moment at={at} as="clock" />
      </span>
    </span>
  );
}

function CopyReport({ report }: { report: Report }) {
  return (
    <>
      <SupportBundle />
      <Hint command="health.copy">
        <Button variant="default" size="xs" onClick={() => void copy(report)}>
          {texts.copy}
        </Button>
      </Hint>
    </>
  );
}

/** The pages of another release than the server's may not fit it. */
function NewRelease({ release }: { release: string }) {
  const first = useRef(release);
  if (release === first.current) return null;
  return (
    <p role="status">
      {texts.reload}{" "}
      <Button variant="default" size="xs" onClick={() => location.reload()}>
        {texts.reloadNow}
      </Button>
    </p>
  );
}

async function copy(report: Report): Promise<void> {
  const done = await copyText(asText(report));
  notify(done ? { text: texts.copied } : { tone: "bad", text: parts.copyFailed });
}
