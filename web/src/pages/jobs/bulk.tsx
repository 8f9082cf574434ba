/** What is done with many jobs at once: those that are ticked, or all that match. It runs as a job of its own. */

import { ActionIcon, Button, Menu } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { type ReactNode, useSyncExternalStore } from "react";
import { useLost } from "../../data/signal";
import { alwaysPossible } from "../../parts/actions";
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
/** Few come for these: they are in the menu. */
const MORE: readonly BulkVerb[] = ["restart", "rollback", "pin", "unpin"];
const FOR_GOOD = new Set<BulkVerb>(["cancel", "delete", "rollback"]);

export interface BulkProps {
  list: JobList;
  ticks: Ticks;
  total: number | null;
  ask: (verb: BulkVerb) => void;
}

export function BulkBar({ list, ticks, total, ask }: BulkProps) {
  const { ids, all } = useSyncExternalStore(ticks.subscribe, ticks.getSnapshot);
  const lost = useLost();
  if (ids.size === 0) return null;
  /** Why it can not be asked now. */
  const why = (verb: BulkVerb) =>
    lost ? texts.offline : !all && ableOf(list, ids, verb) === 0 ? texts.noneCan : undefined;
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
            disabled={why(verb) !== undefined}
            title={why(verb)}
            onClick={() => ask(verb)}
          >
            {verbs[verb].label}
          </Button>
        ))}
        <Menu position="top-end" withinPortal transitionProps={{ duration: 0 }}>
          <Menu.Target>
            <ActionIcon variant="default" size={30} aria-label={texts.bulkMore} title={texts.bulkMore}>
              <IconDots size={16} stroke={2} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {MORE.map((verb) => (
              <Menu.Item key={verb} disabled={why(verb) !== undefined} title={why(verb)} onClick={() => ask(verb)}>
                {verbs[verb].label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
        <Button size="xs" variant="subtle" color="gray" onClick={() => ticks.clear()}>
          {texts.deselect}
        </Button>
      </div>
    </section>
  );
}

/** To how many of these jobs it can be done now; of one that is not known here it is taken to be so. */
export function ableOf(list: Pick<JobList, "job">, ids: ReadonlySet<string>, verb: BulkVerb): number {
  return [...ids].filter((id) => {
    const job = list.job(id);
    return job === undefined || job.moves.includes(verb) || alwaysPossible(job).includes(verb);
  }).length;
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
    const able = all ? null : ableOf(list, ids, verb);
    const n = all ? worded(total) : exact(ids.size);
    const what = texts.bulkWhat(n, able === null ? null : exact(able));
    const upTo = list.newest();
    const agreed = await confirm({
      title: texts.bulkTitle(verb, what),
      body: (
        <About verb={verb} query={all ? list.query : null}>
          {able === null ? texts.bulkAll(n) : texts.bulkSelected(ids.size)}
          {able !== null && able < ids.size && ` ${texts.bulkCanNot(ids.size - able, verb)}`}
        </About>
      ),
      action: texts.bulkAction(verb, what),
      danger: FOR_GOOD.has(verb),
    });
    if (!agreed) return;
    const which = all ? { q: list.query, ...(upTo === null ? {} : { up_to: upTo }) } : { ids: [...ids] };
    if (await started({ verb, ...which }, texts.bulkAction(verb, what))) ticks.clear();
  };
}

/** query: which jobs are meant, where it is all that match. */
function About({ verb, query, children }: { verb: BulkVerb; query: string | null; children: ReactNode }) {
  return (
    <>
      <p className={css.line}>{children}</p>
      {query !== null && (
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
