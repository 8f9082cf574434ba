/** What people look for first: which job, how it is, how far, how long still, and what can be done. */

import { useCommand } from "../../commands";
import { perform } from "../../data/actions";
import { useAsked } from "../../data/asked";
import { useLost } from "../../data/signal";
import { JobActions } from "../../parts/actions";
import { Identity } from "../../parts/identity";
import { Moment } from "../../parts/moment";
import { useDocumentTitle } from "../../parts/page-head";
import { JobStatus, stateWords } from "../../parts/status";
import { isolated } from "../../text/bidi";
import { page as text } from "../../text/job/page";
import { parts } from "../../text/parts";
import { Facts, Origin } from "./facts";
import { useFailedItems } from "./failed-items";
import { useLed } from "./failure";
import { useJob, useView } from "./followed";
import { Gauge } from "./gauge";
import css from "./head.module.css";
import { Marks } from "./marks";
import { Walk } from "./walk";
import { Warnings } from "./warnings";

export function Head() {
  const job = useJob();
  const asked = useAsked(job);
  const led = useLed();
  const failedItems = useFailedItems();
  useDocumentTitle(`${stateWords(job)} · ${isolated(job.name)}`);
  useShortcuts();
  return (
    <>
      <Walk />
      <header className={css.head} data-state={job.state}>
        <div className={css.top}>
          <div className={css.naming}>
            <div className={css.title}>
              <JobStatus job={job} />
              <h1 className={css.name}>{job.name}</h1>
            </div>
            <div className={css.sub}>
              <Identity id={job.id} number={job.number} />
              <Origin job={job} />
            </div>
          </div>
          <div className={css.actions}>
            <JobActions job={job} asked={asked} size="sm" inPalette without={led} failedItems={failedItems} />
          </div>
        </div>
        <AsOf />
        <Gauge />
        <Marks />
        <Warnings />
        <Facts />
      </header>
    </>
  );
}

/** While live updates are lost: from when the figures are. */
function AsOf() {
  const lost = useLost();
  const asOf = useView((view) => (view.connection.lostAt === null ? null : view.asOf));
  if (!lost || asOf === null) return null;
  return (
    <p className={css.asOf} title={text.frozen}>
      {parts.asOf} <Moment at={asOf} as="clock" />
    </p>
  );
}

function useShortcuts(): void {
  const job = useJob();
  const lost = useLost();
  const toggle = job.moves.includes("resume") ? "resume" : job.moves.includes("pause") ? "pause" : null;
  const retry = job.moves.includes("retry");
  useCommand({
    id: "job.pause",
    keys: "p",
    title: text.commands.pause,
    when: toggle !== null && !lost,
    run: () => toggle !== null && void perform(job, toggle),
  });
  useCommand({
    id: "job.retry",
    keys: "r",
    title: text.commands.retry,
    when: retry && !lost,
    run: () => void perform(job, "retry"),
  });
}
