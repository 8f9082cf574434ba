/** The page of jobs: found by any id or by a query, followed live, handled one by one or many at once. */

import { Refused } from "@headway/client";
import { Button } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { perform } from "../../data/actions";
import { prefix } from "../../data/client";
import { search } from "../../data/search";
import { useLost } from "../../data/signal";
import { Empty } from "../../parts/empty";
import { PageHead } from "../../parts/page-head";
import { Trouble } from "../../parts/trouble";
import { Waiting } from "../../parts/waiting";
import { type BulkVerb, jobs as texts } from "../../text/jobs";
import { pages } from "../../text/pages";
import { exact } from "../../text/words";
import { type Chosen, cameFrom, chosenIn, inAddress, jobsSearch, type Sort } from "./address";
import { BulkBar, useBulk } from "./bulk";
import { Chips } from "./chips";
import { ListChoices } from "./choices";
import type { ColumnName } from "./columns";
import { totalOf, useCounts } from "./counts";
import { fitting } from "./fits";
import { type JobList, WINDOW } from "./job-list";
import css from "./jobs.module.css";
import { useListKeys } from "./keys";
import { type Meaning, meantBy } from "./meanings";
import type { RowHandlers } from "./row";
import { SearchBox } from "./search-box";
import { Ticks } from "./selection";
import { Table, type TableControl } from "./table";
import { focusOf, keepFocus, type Listed, useJobList } from "./use-job-list";
import { quoted, statesOf, toggledState, withStates, wordsOf } from "./words";

/** The address follows the focus and the window when they have come to rest. */
const REST_MS = 400;
const SLOW_MS = 5_000;
/** So long at most it is asked whether what was entered is an id, before it is taken for a word. */
const ID_MS = 2_000;

export default function JobsPage() {
  const raw = useSearch({ strict: false }) as Record<string, unknown>;
  const chosen = useMemo(() => chosenIn(jobsSearch(raw)), [raw]);
  const choose = useChoose();
  const listed = useJobList(chosen);
  // What the server has refused is not counted over and over.
  const { query: accepted } = listed.list;
  const counts = useCounts(accepted);
  const total = totalOf(counts, accepted);
  const choices = useRef({ query: chosen.query, choose });
  choices.current = { query: chosen.query, choose };
  const toggle = useCallback((state: string | null) => {
    const { query, choose: ask } = choices.current;
    ask({ query: state === null ? withStates(query, []) : toggledState(query, state) });
  }, []);
  const [shown, setShown] = useState<readonly ColumnName[]>(chosen.columns);
  const open = useOpen(chosen.query, chosen.sort);
  const box = useRef<{ focus(): void }>(null);
  const control = useRef<TableControl>(null);
  const { list, view } = listed;
  const known = useCallback((field: string) => knownValues(listed, field), [listed]);
  const onId = async (text: string) => {
    const { hits } = await search(text, AbortSignal.timeout(ID_MS)).catch(() => ({ hits: [] }));
    const meant = meantBy(hits);
    return meant !== null && open.meaning(meant);
  };
  return (
    <>
      <PageHead title={pages.jobs} sub={total === null ? "\u00a0" : texts.total(exact(total))} />
      <Unknown names={chosen.unknown} />
      <div className={css.bar}>
        <SearchBox
          ref={box}
          query={chosen.query}
          known={known}
          wrong={wrongIn(listed)}
          onQuery={(query, done) => choose({ query, cursor: null, row: null }, !done)}
          onId={onId}
          onMeaning={open.meaning}
          onLeave={() => control.current?.move(0, false)}
        />
        <ListChoices
          sort={chosen.sort}
          columns={chosen.columns}
          shown={shown}
          count={view.ids.length}
          loaded={() => view.ids.flatMap((id) => list.job(id) ?? [])}
          onSort={(sort) => choose({ sort, cursor: null, row: null })}
          onColumns={(columns) => choose({ columns }, true)}
        />
      </div>
      <Chips counts={counts} chosen={statesOf(chosen.query)} onToggle={toggle} />
      <Results
        listed={listed}
        chosen={chosen}
        total={total}
        choose={choose}
        control={control}
        box={box}
        onColumns={setShown}
        open={open.job}
      />
    </>
  );
}

interface ResultsProps {
  listed: Listed;
  chosen: Chosen;
  total: number | null;
  choose: Choose;
  control: Control;
  box: RefObject<{ focus(): void } | null>;
  onColumns: (shown: readonly ColumnName[]) => void;
  open: (number: number, aside: boolean) => void;
}

function Results({ listed, chosen, total, choose, control, box, onColumns, open }: ResultsProps) {
  const { list, view, wanted } = listed;
  const lost = useLost();
  const [ticks] = useState(() => new Ticks());
  const ask = useBulk(ticks, list, total);
  const [focus, setFocus] = useFocus(listed, chosen, control);
  const partial = wanted !== null && (lost || wanted.view.state === "failed") && wrongIn(listed) === null;
  const ids = useMemo(
    () => (partial ? fittingIds(listed, chosen.query) : view.ids),
    [partial, listed, chosen.query, view.ids],
  );
  useAddress(list, focus, ids, control, choose);

  const latest = useRef({ choose, ids, open, query: chosen.query, list });
  latest.current = { choose, ids, open, query: chosen.query, list };
  const handlers = useMemo<RowHandlers>(
    () => ({
      focus: setFocus,
      open: (id, aside) => {
        const number = latest.current.list.job(id)?.number;
        if (number !== undefined) latest.current.open(number, aside);
      },
      tick: (id, reach) => (reach ? ticks.reach(id, latest.current.ids) : ticks.toggle(id)),
      only: (field, value) => {
        const others = wordsOf(latest.current.query).filter((word) => word.field !== field || word.denied);
        const words = [...others.map((word) => word.text), `${field}:${quoted(value)}`];
        latest.current.choose({ query: words.join(" "), cursor: null, row: null });
      },
    }),
    [setFocus, ticks],
  );
  const take = async () => {
    await list.take();
    window.scrollTo({ top: 0 });
  };
  const askKeys = (verb: BulkVerb) => {
    const { ids: ticked } = ticks.getSnapshot();
    const job = focus === null ? undefined : list.job(focus);
    if (lost) return;
    if (ticked.size > 0) void ask(verb);
    else if (job?.moves.includes(verb)) void perform(job, verb);
  };
  const page = (direction: 1 | -1) => {
    const at = focus === null ? 0 : Math.max(0, ids.indexOf(focus));
    const id = ids[list.pageFrom(at, direction)];
    if (id === undefined) return;
    setFocus(id);
    control.current?.reveal(id);
  };
  useListKeys({
    control,
    hasFocus: () => focus !== null,
    newer: view.newer,
    open: () => focus !== null && handlers.open(focus, false),
    tick: () => focus !== null && ticks.toggle(focus),
    ask: askKeys,
    search: () => box.current?.focus(),
    filter: () => document.querySelector<HTMLElement>("[data-chips] button")?.focus(),
    page,
    take: () => void take(),
  });
  const waiting = view.state === "loading";
  return (
    <div className={css.results} data-stale={(wanted !== null && wanted.view.state === "loading") || undefined}>
      <Notes listed={listed} partial={partial} count={view.ids.length} choose={choose} />
      {list.start !== null && (
        <div className={css.newer}>
          <Button size="xs" variant="default" onClick={() => choose({ cursor: null, row: null }, false, true)}>
            {texts.fromNewest}
          </Button>
        </div>
      )}
      {view.newer > 0 && view.ids.length > 0 && (
        <div className={css.newer} role="status">
          <Button size="compact-sm" radius="xl" onClick={() => void take()} title={texts.newerTitle}>
            {texts.newer(view.newer, WINDOW)}
          </Button>
        </div>
      )}
      {waiting && <Waiting lines={12} />}
      {view.state === "failed" && wrongIn(listed) === null && (
        <Trouble error={view.error} onRetry={() => void list.restart()} what={texts.list} />
      )}
      {view.state === "ready" && ids.length > 0 && (
        <Table
          list={list}
          view={view}
          ids={ids}
          ticks={ticks}
          chosen={chosen.columns}
          total={total}
          focus={focus}
          onFocus={setFocus}
          handlers={handlers}
          onColumns={onColumns}
          control={control}
        />
      )}
      {view.state === "ready" && ids.length === 0 && <Nothing query={chosen.query} choose={choose} />}
      <Foot listed={listed} count={ids.length} />
      <BulkBar ticks={ticks} total={total} ask={(verb) => void ask(verb)} />
    </div>
  );
}

function Notes({
  listed,
  partial,
  count,
  choose,
}: {
  listed: Listed;
  partial: boolean;
  count: number;
  choose: Choose;
}) {
  const { list, view, wanted } = listed;
  const current = wanted ?? { list, view };
  const slow = useSlow(current.list, current.view.state === "loading");
  return (
    <>
      {partial && <p className={css.note}>{texts.partial(count)}</p>}
      {slow && (
        <p className={css.note} role="status">
          {texts.slow}{" "}
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => choose({ query: `is:active ${current.list.query}`.trim() })}
          >
            {texts.narrower}
          </Button>
        </p>
      )}
      {wanted?.view.state === "failed" && !partial && wrongIn(listed) === null && (
        <Trouble
          error={wanted.view.error}
          asOf={view.asOf}
          onRetry={() => void wanted.list.restart()}
          what={texts.list}
        />
      )}
    </>
  );
}

function Foot({ listed, count }: { listed: Listed; count: number }) {
  const { list, view } = listed;
  if (view.state !== "ready" || count === 0) return null;
  if (view.error !== null) return <Trouble error={view.error} onRetry={() => void list.readMore()} what={texts.list} />;
  return <p className={css.foot}>{view.more ? (view.reading ? texts.more : "\u00a0") : texts.end(count)}</p>;
}

function Nothing({ query, choose }: { query: string; choose: Choose }) {
  if (query === "") {
    return (
      <Empty kind="nothing yet" title={texts.nothingYet} snippet={texts.snippet}>
        {texts.nothingYetText}
      </Empty>
    );
  }
  return (
    <Empty
      kind="nothing matches"
      title={texts.nothingMatches}
      filter={query}
      onClear={() => choose({ query: "", cursor: null, row: null })}
    />
  );
}

function Unknown({ names }: { names: readonly string[] }) {
  return names.length === 0 ? null : (
    <p className={css.note} role="status">
      {texts.unknown(names)}
    </p>
  );
}

type Control = RefObject<TableControl | null>;
type Choose = (chosen: Partial<Chosen>, replace?: boolean, resetScroll?: boolean) => void;

/** Puts what is chosen into the address; everything else in it stays. */
function useChoose(): Choose {
  const navigate = useNavigate();
  return useCallback(
    (chosen, replace = false, resetScroll = false) => {
      const search = (before: object) => ({ ...before, ...inAddress(chosen) });
      void navigate({ to: "/jobs", search, replace, resetScroll });
    },
    [navigate],
  );
}

function useOpen(query: string, sort: Sort) {
  const navigate = useNavigate();
  const job = useCallback(
    (id: number | string, aside: boolean) => {
      if (aside) window.open(`${prefix}/jobs/${encodeURIComponent(id)}`, "_blank", "noopener");
      else void navigate({ to: "/jobs/$id", params: { id: String(id) }, search: cameFrom(query, sort) });
    },
    [navigate, query, sort],
  );
  const meaning = useCallback(
    (meant: Meaning): boolean => {
      if (meant.job_id !== null) job(meant.job_id, false);
      else if (meant.session !== null) void navigate({ to: "/sessions/$id", params: { id: meant.session } });
      else if (meant.worker !== null) void navigate({ to: "/health" });
      else return false;
      return true;
    },
    [job, navigate],
  );
  return { job, meaning };
}

/** The row with the focus: the one that had it when the list was left, or the one that the address names. */
function useFocus({ list, view }: Listed, chosen: Chosen, control: Control) {
  const [focus, setFocus] = useState<string | null>(() => focusOf(list));
  const placed = useRef(false);
  const ready = view.state === "ready" && view.ids.length > 0;
  useEffect(() => {
    if (!ready || placed.current) return;
    placed.current = true;
    const known = focusOf(list);
    const byNumber = (number: number | null) => view.ids.find((one) => list.job(one)?.number === number);
    const top = byNumber(chosen.cursor?.number ?? null);
    if (known === null && top !== undefined) control.current?.show(top);
    const id = known ?? byNumber(chosen.row);
    if (id === undefined || (document.activeElement !== null && document.activeElement !== document.body)) return;
    setFocus(id);
    control.current?.reveal(id);
  }, [ready, list, view.ids, chosen, control]);
  const keep = useCallback(
    (id: string) => {
      keepFocus(list, id);
      setFocus(id);
    },
    [list],
  );
  return [focus, keep] as const;
}

/** The row at which somebody is, and the one at which the window stands, so that a copied link leads there. */
function useAddress(list: JobList, focus: string | null, ids: readonly string[], control: Control, choose: Choose) {
  const [rests, setRests] = useState(0);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const moved = () => {
      clearTimeout(timer);
      timer = setTimeout(() => setRests((n) => n + 1), REST_MS);
    };
    window.addEventListener("scroll", moved, { passive: true });
    return () => {
      clearTimeout(timer);
      window.removeEventListener("scroll", moved);
    };
  }, []);
  const now = useRef({ ids, choose });
  now.current = { ids, choose };
  useEffect(() => {
    if (focus === null && rests === 0) return;
    const timer = setTimeout(() => {
      const first = control.current?.first() ?? 0;
      const number = list.job(now.current.ids[first] ?? "")?.number;
      const cursor = first === 0 || number === undefined ? null : { number, page: list.cursorAt(first) };
      const row = focus === null ? null : (list.job(focus)?.number ?? null);
      now.current.choose(row === null ? { cursor } : { cursor, row }, true);
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [list, focus, rests, control]);
}

function useSlow(list: object, loading: boolean): boolean {
  const [slow, setSlow] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list begins to wait anew
  useEffect(() => {
    setSlow(false);
    if (!loading) return;
    const timer = setTimeout(() => setSlow(true), SLOW_MS);
    return () => clearTimeout(timer);
  }, [list, loading]);
  return slow;
}

/** What the server did not understand in the query. */
function wrongIn({ view, wanted }: Listed): { from: number; to: number; message: string } | null {
  const error = (wanted?.view ?? view).error;
  if (!(error instanceof Refused) || error.code !== "bad_query") return null;
  const at = error.problem.at;
  const [from, to] = Array.isArray(at) ? at.map(Number) : [0, 0];
  return { from: from ?? 0, to: to ?? 0, message: error.detail };
}

function fittingIds({ list, view }: Listed, query: string): string[] {
  const fits = fitting(query);
  return view.ids.filter((id) => {
    const job = list.job(id);
    return job !== undefined && fits(job);
  });
}

/** Values that the loaded rows have, the most frequent first. */
function knownValues({ list, view }: Listed, field: string): string[] {
  const times = new Map<string, number>();
  for (const id of view.ids) {
    const job = list.job(id);
    const value =
      job && { session: job.session, type: job.type, owner: job.owner, category: job.category, name: job.name }[field];
    if (value) times.set(value, (times.get(value) ?? 0) + 1);
  }
  return [...times].sort((a, b) => b[1] - a[1]).map(([value]) => value);
}
