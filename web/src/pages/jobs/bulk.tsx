/** What is done with many jobs at once: those that are ticked, or all that match. It runs as a job of its own. */

import { Button } from "@mantine/core";
import { useSyncExternalStore } from "react";
import { useLost } from "../../data/signal";
import { useBulkStarted } from "../../parts/bulk-started";
import { confirm } from "../../parts/confirm";
import { type BulkVerb, jobs as texts } from "../../text/jobs";
import { verbs } from "../../text/parts";
import { exact } from "../../text/words";
import css from "./bulk.module.css";
import { MOST_COUNTED } from "./counts";
import type { JobList } from "./job-list";
import type { Ticks } from "./selection";

const VERBS: readonly BulkVerb[] = ["pause", "resume", "retry", "cancel", "delete"];

export interface BulkProps {
  ticks: Ticks;
  total: number | null;
  ask: (verb: BulkVerb) => void;
}

export function BulkBar({ ticks, total, ask }: BulkProps) {
  const { ids, all } = useSyncExternalStore(ticks.subscribe, ticks.getSnapshot);
  const lost = useLost();
  if (ids.size === 0) return null;
  return (
    <section className={css.bar} aria-label={texts.selected(ids.size)}>
      <fieldset className={css.which}>
        <legend className={css.legend}>{texts.whichJobs}</legend>
        <Which chosen={!all} label={texts.selected(ids.size)} onChoose={() => ticks.meanAll(false)} />
        <Which
          chosen={all}
          label={texts.allMatching(worded(total))}
          disabled={total === null}
          onChoose={() => ticks.meanAll(true)}
        />
      </fieldset>
      <div className={css.verbs}>
        {VERBS.map((verb) => (
          <Button
            key={verb}
            size="xs"
            variant="default"
            disabled={lost}
            title={lost ? texts.offline : undefined}
            onClick={() => ask(verb)}
          >
            {verbs[verb].label}
          </Button>
        ))}
        <Button size="xs" variant="subtle" color="gray" onClick={() => ticks.clear()}>
          {texts.deselect}
        </Button>
      </div>
    </section>
  );
}

interface WhichProps {
  chosen: boolean;
  label: string;
  disabled?: boolean;
  onChoose: () => void;
}

function Which({ chosen, label, disabled = false, onChoose }: WhichProps) {
  return (
    <label className={css.choice} data-chosen={chosen || undefined}>
      <input type="radio" name="which-jobs" checked={chosen} disabled={disabled} onChange={onChoose} />
      {label}
    </label>
  );
}

/** Asks once, with count and query, and submits the job that does it. */
export function useBulk(ticks: Ticks, list: JobList, total: number | null): (verb: BulkVerb) => Promise<void> {
  const started = useBulkStarted();
  return async (verb) => {
    const { ids, all } = ticks.getSnapshot();
    if (ids.size === 0) return;
    const n = all ? worded(total) : exact(ids.size);
    const upTo = list.newest();
    const agreed = await confirm({
      title: texts.bulkTitle(verb, n),
      body: <About verb={verb} n={n} all={all} query={list.query} />,
      action: texts.bulkAction(verb, n),
      danger: verb === "cancel" || verb === "delete",
    });
    if (!agreed) return;
    const which = all ? { q: list.query, ...(upTo === null ? {} : { up_to: upTo }) } : { ids: [...ids] };
    if (await started({ verb, ...which }, texts.bulkAction(verb, n))) ticks.clear();
  };
}

function About({ verb, n, all, query }: { verb: BulkVerb; n: string; all: boolean; query: string }) {
  return (
    <>
      <p className={css.line}>{all ? texts.bulkAll(n) : texts.bulkSelected(n)}</p>
      {all && (
        <p className={css.line}>
          {texts.bulkQuery}: <code className={css.query}>{query || texts.bulkEverything}</code>
        </p>
      )}
      <p className={css.line}>{texts.bulkLoss[verb]}</p>
      <p className={css.quiet}>{texts.bulkAbout}</p>
    </>
  );
}

function worded(total: number | null): string {
  if (total === null) return "…";
  return total > MOST_COUNTED ? `${exact(MOST_COUNTED)}+` : exact(total);
}
