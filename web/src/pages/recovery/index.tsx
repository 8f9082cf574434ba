/** The page of what stopped and can be resumed. */

import { Button } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import { useCommand } from "../../commands";
import { useLost } from "../../data/signal";
import { confirm } from "../../parts/confirm";
import { Empty } from "../../parts/empty";
import { Moment } from "../../parts/moment";
import { notify } from "../../parts/notices";
import { PageHead } from "../../parts/page-head";
import { RecoveryRules, useRecoveryRules } from "../../parts/recovery-rules";
import { Trouble } from "../../parts/trouble";
import { Waiting } from "../../parts/waiting";
import { addressNotes } from "../../text/address";
import { pages } from "../../text/pages";
import { recovery as texts } from "../../text/recovery";
import { rules } from "../../text/rules";
import { causeIn } from "./address";
import { Entry } from "./entry";
import { CAUSES, type Cause, type Recoverable, type Recovery, useRecovery } from "./reads";
import css from "./recovery.module.css";
import { sendOn, verbFor, type Way } from "./send-on";

const NONE: Recoverable[] = [];

export default function RecoveryPage() {
  const search = useSearch({ strict: false }) as Record<string, unknown>;
  const { cause, unknown, unread } = useMemo(() => causeIn(search), [search]);
  const notes = addressNotes(unknown, unread);
  const navigate = useNavigate();
  const choose = (next: Cause | null) =>
    void navigate({
      to: "/recovery",
      search: (before: object) => ({ ...before, cause: next ?? undefined }),
      resetScroll: false,
    });
  const read = useRecovery(cause === null ? [] : [cause]);
  const first = read.data?.pages[0];
  const entries = useMemo(() => read.data?.pages.flatMap((page) => page.jobs) ?? NONE, [read.data]);
  return (
    <>
      <PageHead title={pages.recovery} sub={texts.sub} />
      {notes !== "" && (
        <p className={css.note} role="status">
          {notes}
        </p>
      )}
      <Causes counts={first?.causes ?? {}} chosen={cause} onChoose={choose} />
      {read.error !== null && (
        <Trouble
          error={read.error}
          asOf={read.data === undefined ? null : read.dataUpdatedAt}
          onRetry={() => void read.refetch()}
          what={texts.list}
        />
      )}
      {read.isPending && <Waiting lines={6} />}
      {first !== undefined && entries.length === 0 && (
        <Nothing first={first} cause={cause} onClear={() => choose(null)} />
      )}
      {entries.length > 0 && <Entries entries={entries} />}
      {read.hasNextPage && (
        <Button variant="default" size="xs" loading={read.isFetchingNextPage} onClick={() => void read.fetchNextPage()}>
          {texts.more}
        </Button>
      )}
      <Rules />
    </>
  );
}

/** What goes on by itself, where anything does. */
function Rules() {
  const { data, error } = useRecoveryRules();
  if (error === null && !data?.length) return null;
  return (
    <section className={css.group} aria-labelledby="rules">
      <h2 className={css.cause} id="rules">
        {rules.title}
      </h2>
      <p className={css.about}>{rules.intro}</p>
      <div className={css.rules}>
        <RecoveryRules />
      </div>
    </section>
  );
}

interface CausesProps {
  counts: Readonly<Record<string, number>>;
  chosen: Cause | null;
  onChoose: (cause: Cause | null) => void;
}

function Causes({ counts, chosen, onChoose }: CausesProps) {
  const shown = CAUSES.filter((cause) => (counts[cause] ?? 0) > 0 || cause === chosen);
  if (shown.length === 0) return null;
  const all = Object.values(counts).reduce((sum, n) => sum + n, 0);
  return (
    <fieldset className={css.causes}>
      <legend className={css.legend}>{texts.filter}</legend>
      <button type="button" className={css.chip} aria-pressed={chosen === null} onClick={() => onChoose(null)}>
        {texts.all} <span className={css.count}>{all}</span>
      </button>
      {shown.map((cause) => (
        <button
          key={cause}
          type="button"
          className={css.chip}
          aria-pressed={chosen === cause}
          onClick={() => onChoose(chosen === cause ? null : cause)}
        >
          {texts.causes[cause]} <span className={css.count}>{counts[cause] ?? 0}</span>
        </button>
      ))}
    </fieldset>
  );
}

function Entries({ entries }: { entries: readonly Recoverable[] }) {
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [refused, setRefused] = useState<ReadonlyMap<string, string>>(new Map());
  const [busy, setBusy] = useState(false);
  const toggle = useCallback((id: string) => setTicked((was) => toggled(was, id)), []);
  const safe = entries.filter((entry) => entry.safe);
  const chosen = entries.filter((entry) => ticked.has(entry.job.id));
  const tickSafe = () => setTicked(new Set([...ticked, ...safe.map((entry) => entry.job.id)]));
  const send = async (way: Way) => {
    const possible = chosen.filter((entry) => verbFor(way, entry) !== null);
    if (way === "discard" && !(await agreed(possible.length, chosen.length - possible.length))) return;
    setBusy(true);
    const outcome = await sendOn(way, way === "discard" ? possible : chosen);
    setBusy(false);
    setRefused(outcome.refused);
    setTicked(new Set(outcome.refused.keys()));
    const asked = outcome.done + outcome.refused.size;
    notify({ tone: outcome.refused.size === 0 ? "good" : "note", text: texts.results[way](outcome.done, asked) });
  };
  useEntryKeys(tickSafe, toggle);
  return (
    <>
      <Bar chosen={chosen} safe={safe.length} busy={busy} onSafe={tickSafe} onSend={(way) => void send(way)} />
      {CAUSES.map((cause) => (
        <Group
          key={cause}
          cause={cause}
          entries={entries.filter((entry) => entry.cause === cause)}
          ticked={ticked}
          refused={refused}
          onTick={toggle}
        />
      ))}
    </>
  );
}

interface GroupProps {
  cause: Cause;
  entries: readonly Recoverable[];
  ticked: ReadonlySet<string>;
  refused: ReadonlyMap<string, string>;
  onTick: (id: string) => void;
}

function Group({ cause, entries, ticked, refused, onTick }: GroupProps) {
  if (entries.length === 0) return null;
  return (
    <section className={css.group} aria-labelledby={`cause-${CAUSES.indexOf(cause)}`}>
      <h2 className={css.cause} id={`cause-${CAUSES.indexOf(cause)}`}>
        {texts.causes[cause]} <span className={css.about}>{texts.causesAbout[cause]}</span>
      </h2>
      <ul className={css.entries}>
        {entries.map((entry) => (
          <Entry
            key={entry.job.id}
            entry={entry}
            ticked={ticked.has(entry.job.id)}
            refused={refused.get(entry.job.id)}
            onTick={onTick}
          />
        ))}
      </ul>
    </section>
  );
}

interface BarProps {
  chosen: readonly Recoverable[];
  safe: number;
  busy: boolean;
  onSafe: () => void;
  onSend: (way: Way) => void;
}

function Bar({ chosen, safe, busy, onSafe, onSend }: BarProps) {
  const lost = useLost();
  const off = (way: Way) => {
    if (lost) return texts.offline;
    if (chosen.length === 0) return texts.nothingTicked;
    return chosen.some((entry) => verbFor(way, entry) !== null) ? undefined : texts.noneCan;
  };
  const button = (way: Way, label: string, variant: "filled" | "default") => {
    const why = off(way);
    return (
      <Button size="xs" variant={variant} disabled={why !== undefined || busy} title={why} onClick={() => onSend(way)}>
        {label}
      </Button>
    );
  };
  return (
    <section className={css.bar} aria-label={texts.actions}>
      <span className={css.selected} role="status">
        {texts.selected(chosen.length)}
      </span>
      {safe > 0 && (
        <Button size="xs" variant="subtle" onClick={onSafe}>
          {texts.tickSafe(safe)}
        </Button>
      )}
      <span className={css.ways}>
        {button("resume", texts.resume, "filled")}
        {button("restart", texts.restart, "default")}
        {button("discard", texts.discard, "default")}
      </span>
    </section>
  );
}

function Nothing({ first, cause, onClear }: { first: Recovery; cause: Cause | null; onClear: () => void }) {
  if (cause !== null && Object.values(first.causes).some((n) => n > 0)) {
    return (
      <Empty kind="nothing matches" filter={texts.causes[cause] ?? cause} onClear={onClear}>
        {texts.emptyCause}
      </Empty>
    );
  }
  return (
    <Empty kind="nothing yet" title={texts.emptyTitle}>
      {first.last === null ? (
        texts.empty
      ) : (
        <>
          {texts.last(first.last.jobs)} <Moment at={first.last.at} />: {texts.lastStates(first.last.states)}.
        </>
      )}
    </Empty>
  );
}

function agreed(n: number, others: number): Promise<boolean> {
  return confirm({
    title: texts.discardTitle(n),
    body: others === 0 ? texts.discardBody(n) : `${texts.discardBody(n)} ${texts.skipped(others)}`,
    action: texts.discardAction(n),
    danger: true,
  });
}

function useEntryKeys(tickSafe: () => void, toggle: (id: string) => void): void {
  const keys = texts.keys;
  useCommand({ id: "recovery.safe", keys: "a", title: keys.safe, run: tickSafe });
  useCommand({ id: "recovery.next", keys: "j", title: keys.next, palette: false, run: () => focusEntry(1) });
  useCommand({ id: "recovery.previous", keys: "k", title: keys.previous, palette: false, run: () => focusEntry(-1) });
  useCommand({
    id: "recovery.tick",
    keys: ["Space", "x"],
    title: keys.tick,
    palette: false,
    when: () => focusedEntry() !== null,
    run: () => toggle(focusedEntry()?.dataset.entry ?? ""),
  });
}

function focusedEntry(): HTMLElement | null {
  return document.activeElement?.closest<HTMLElement>("[data-entry]") ?? null;
}

function focusEntry(by: number): void {
  const all = [...document.querySelectorAll<HTMLElement>("[data-entry]")];
  const at = all.indexOf(focusedEntry() ?? document.body);
  const next = all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)];
  next?.querySelector<HTMLElement>("input[type=checkbox]")?.focus();
}

function toggled(was: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(was);
  if (!next.delete(id)) next.add(id);
  return next;
}
