/** What is done with many jobs at once: those that are ticked, or all that match. It runs as a job of its own. */

import { Button, SegmentedControl } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useSyncExternalStore } from "react";
import { client } from "../../data/client";
import { useLost } from "../../data/signal";
import { confirm } from "../../parts/confirm";
import { notify } from "../../parts/notices";
import { told } from "../../parts/trouble";
import { type BulkVerb, jobs as texts } from "../../text/jobs";
import { verbs } from "../../text/parts";
import { exact } from "../../text/words";
import css from "./bulk.module.css";
import { MOST_COUNTED } from "./counts";
import type { Ticks } from "./selection";

const VERBS: readonly BulkVerb[] = ["pause", "resume", "retry", "cancel"];

export interface BulkProps {
  ticks: Ticks;
  query: string;
  total: number | null;
  ask: (verb: BulkVerb) => void;
}

export function BulkBar({ ticks, total, ask }: BulkProps) {
  const { ids, all } = useSyncExternalStore(ticks.subscribe, ticks.getSnapshot);
  const lost = useLost();
  if (ids.size === 0) return null;
  return (
    <section className={css.bar} aria-label={texts.selected(ids.size)}>
      <SegmentedControl
        size="xs"
        aria-label={texts.whichJobs}
        value={all ? "all" : "some"}
        onChange={(value) => ticks.meanAll(value === "all")}
        data={[
          { value: "some", label: texts.selected(ids.size) },
          { value: "all", label: texts.allMatching(worded(total)), disabled: total === null },
        ]}
      />
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

/** Asks once, with count and query, and submits the job that does it. */
export function useBulk(ticks: Ticks, query: string, total: number | null): (verb: BulkVerb) => Promise<void> {
  const navigate = useNavigate();
  return async (verb) => {
    const { ids, all } = ticks.getSnapshot();
    if (ids.size === 0) return;
    const n = all ? worded(total) : exact(ids.size);
    const agreed = await confirm({
      title: texts.bulkTitle(verb, n),
      body: <About verb={verb} n={n} all={all} query={query} />,
      action: texts.bulkAction(verb, n),
      danger: verb === "cancel" || verb === "delete",
    });
    if (!agreed) return;
    try {
      const input = { verb, ...(all ? { q: query } : { ids: [...ids] }) };
      const job = await client.submit({ type: "headway.bulk", name: texts.bulkAction(verb, n), input });
      ticks.clear();
      notify({
        text: texts.bulkStarted(verb, job.number),
        action: {
          label: texts.bulkOpen,
          run: () => void navigate({ to: "/jobs/$id", params: { id: String(job.number) } }),
        },
      });
    } catch (error) {
      notify({ tone: "bad", ...told(error), title: texts.bulkFailed });
    }
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
