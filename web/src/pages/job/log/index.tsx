/** The log of a job: a million lines, live, searched on the server, each with an address. */

import type { Event, Job, JobView } from "@headway/client";
import { useClient } from "@headway/client/react";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { VirtuosoHandle } from "react-virtuoso";
import { useCommand } from "../../../commands";
import { prefix } from "../../../data/client";
import { usePreferences } from "../../../data/preferences";
import { Empty } from "../../../parts/empty";
import { Trouble } from "../../../parts/trouble";
import { log } from "../../../text/log";
import { hashOf, rangeOf } from "./anchor";
import { useLogChoices } from "./choices";
import type { EntryLooks } from "./entry";
import { FilteredLog } from "./filtered";
import { Folds, type Span, spansOf } from "./folds";
import { Lines } from "./lines";
import css from "./log.module.css";
import { PlainLog } from "./plain";
import { useSearch } from "./search";
import { Toolbar } from "./toolbar";
import { Beyond, MOST_ROWS, Viewer } from "./viewer";

const MOST_HAPPENINGS = 1000;

export function LogTab({ job, view }: { job: Job; view: JobView }) {
  const client = useClient();
  const [plain, setPlain] = useState(false);
  const [levels, setLevels] = useState<string[]>([]);
  const [choices, choose] = useLogChoices();
  const { zone } = usePreferences();
  const newest = Math.max(job.events, view.events.at(-1)?.seq ?? 0);
  const lines = useMemo(() => new Lines(client, job.id), [client, job.id]);
  useEffect(() => lines.hear(view.events), [lines, view.events]);

  const search = useSearch(job.id, newest, levels);
  const reader = useReader(job, newest, lines);
  const { goTo, toEnd } = reader;
  const searchField = useRef<HTMLInputElement>(null);
  const startedAt = Date.parse(job.started_at ?? job.created_at);
  const place = useRouterState({ select: (state) => `${prefix}${state.location.pathname}${state.location.searchStr}` });
  const looks = useMemo<EntryLooks>(
    () => ({ ...choices, zone, startedAt, found: search.found, place }),
    [choices, zone, startedAt, search.found, place],
  );

  useCommand({ id: "log.search", keys: "/", title: log.search, run: () => searchField.current?.focus() });
  useCommand({ id: "log.end", keys: "End", title: log.jumpToEnd, run: toEnd });
  const nextError = useNextError(job.id, reader.here);
  useCommand({ id: "log.error", keys: "e", title: log.nextError, run: async () => goTo(await nextError()) });

  if (newest === 0) return <Empty kind="nothing yet" title={log.empty} snippet={log.emptySnippet} />;
  return (
    <section className={css.log} aria-label={log.title}>
      <Toolbar
        search={search}
        searchField={searchField}
        goTo={goTo}
        levels={levels}
        setLevels={setLevels}
        choices={choices}
        choose={choose}
        following={reader.following}
        toEnd={toEnd}
        folds={{ some: reader.spans.size > 0, all: reader.folded.size === reader.spans.size, toggle: reader.toggleAll }}
        isPlain={plain}
        setPlain={setPlain}
        rawAddress={`${prefix}/api/v1/jobs/${job.id}/logs/raw`}
      />
      {search.problem !== null && <Trouble error={search.problem} />}
      {lines.problem !== null && <Trouble error={lines.problem} onRetry={() => lines.retry(reader.window)} />}
      {plain && <PlainLog job={job.id} total={newest} />}
      {!plain && levels.length > 0 && (
        <FilteredLog job={job.id} levels={levels} isLive={job.ended_at === null} looks={looks} choose={reader.choose} />
      )}
      {!plain && levels.length === 0 && (
        <div className={css.frame}>
          {reader.window.first > 1 && (
            <Beyond label={log.earlier(reader.window.first - 1)} onClick={() => goTo(reader.window.first - 1)} />
          )}
          <Viewer
            key={reader.window.first}
            lines={lines}
            folds={reader.folds}
            spans={reader.spans}
            folded={reader.folded}
            toggleFold={reader.toggleFold}
            looks={looks}
            chosen={reader.chosen}
            current={search.current ?? reader.here}
            choose={reader.choose}
            following={reader.following}
            setAtEnd={reader.setAtEnd}
            list={reader.list}
            first={reader.firstRow}
          />
          {reader.unseen > 0 && (
            <Button className={css.newLines} size="compact-sm" onClick={toEnd}>
              {log.newLines(reader.unseen)}
            </Button>
          )}
        </div>
      )}
    </section>
  );
}

/** Where in the log one is: the window of rows, what is folded, chosen, followed. */
function useReader(job: Job, newest: number, lines: Lines) {
  const navigate = useNavigate();
  const hash = useRouterState({ select: (state) => state.location.hash });
  const chosen = useMemo(() => rangeOf(hash), [hash]);
  const list = useRef<VirtuosoHandle>(null);
  const [here, setHere] = useState<number | null>(chosen?.first ?? null);
  const [following, setFollowing] = useState(chosen === null && job.ended_at === null);
  const [seen, setSeen] = useState(newest);
  const [base, setBase] = useState(() => baseFor(chosen?.first ?? (following ? newest : 1), newest));
  const { spans, history } = useSpans(job, newest);
  const [folded, setFolded] = useState<ReadonlySet<number>>(NONE);
  const top = Math.min(newest, base + MOST_ROWS - 1);
  const folds = useMemo(() => new Folds(history, folded, base, top), [history, folded, base, top]);
  const pending = useRef<number | null>(chosen?.first ?? null);
  const asked = useRef(chosen?.first ?? null);
  if (chosen !== null && chosen.first !== asked.current) {
    asked.current = chosen.first;
    if (chosen.first !== here) pending.current = chosen.first; // the address was changed, not a line clicked
  }

  useEffect(() => {
    if (following) setSeen(newest);
  }, [following, newest]);

  useEffect(() => {
    const seq = pending.current;
    if (seq === null || seq < base || seq > top) return;
    const hiding = folds.hiding(seq);
    if (hiding !== undefined) {
      setFolded((before) => without(before, hiding.first));
      return;
    }
    pending.current = null;
    lines.want({ first: seq, last: seq });
    reach(list, folds.rowOf(seq), seq);
  });

  const goTo = useCallback(
    (seq: number | null) => {
      if (seq === null) return;
      setFollowing(false);
      setHere(seq);
      setBase((before) => (seq < before || seq >= before + MOST_ROWS ? baseFor(seq, newest) : before));
      pending.current = seq;
    },
    [newest],
  );
  const toEnd = useCallback(() => {
    setHere(null);
    setBase(baseFor(newest, newest));
    setFollowing(true);
    list.current?.scrollToIndex({ index: "LAST", align: "end" });
  }, [newest]);
  const choose = useCallback(
    (seq: number, extend: boolean) => {
      const from = extend && chosen !== null ? chosen.first : seq;
      const range = { first: Math.min(from, seq), last: Math.max(from, seq) };
      setHere(seq);
      void navigate({
        to: ".",
        search: true,
        hash: hashOf(range),
        replace: true,
        resetScroll: false,
      });
    },
    [navigate, chosen],
  );
  const setAtEnd = useCallback((atEnd: boolean, byHand: boolean) => {
    if (atEnd || byHand) setFollowing(atEnd);
  }, []);
  const toggleFold = useCallback(
    (span: Span) =>
      setFolded((before) => (before.has(span.first) ? without(before, span.first) : new Set([...before, span.first]))),
    [],
  );
  const toggleAll = useCallback(
    () => setFolded((before) => (before.size === spans.size ? NONE : new Set(spans.keys()))),
    [spans],
  );
  return {
    list,
    here,
    chosen,
    following,
    unseen: following ? 0 : newest - seen,
    window: { first: base, last: top },
    folds,
    folded,
    spans,
    firstRow: folds.rowOf(pending.current ?? (following ? top : (here ?? base))),
    goTo,
    toEnd,
    choose,
    setAtEnd,
    toggleFold,
    toggleAll,
  };
}

/** The spans of steps: read without the lines, so that they are few. */
function useSpans(job: Job, newest: number) {
  const client = useClient();
  const { data } = useQuery({
    queryKey: ["log happenings", job.id, job.state],
    queryFn: async ({ signal }) => {
      const { data } = await client.rest.GET("/api/v1/jobs/{any_id}/events", {
        params: { path: { any_id: job.id }, query: { logs: false, limit: MOST_HAPPENINGS } },
        signal,
      });
      return data.events as Event[];
    },
  });
  const history = useMemo(
    () => spansOf(data ?? [], newest).filter((span) => span.last - span.first > 1),
    [data, newest],
  );
  const spans = useMemo(() => new Map(history.map((span) => [span.first, span])), [history]);
  return { history, spans };
}

/** Finds the next line of an error, from the one that is looked at; from the top after the last. */
function useNextError(job: string, here: number | null): () => Promise<number | null> {
  const client = useClient();
  return useCallback(async () => {
    for (const after of here === null ? [0] : [here, 0]) {
      const { data } = await client.rest.GET("/api/v1/jobs/{any_id}/logs", {
        params: { path: { any_id: job }, query: { after, limit: 1, level: ["error", "critical"] } },
      });
      const found = data.logs[0];
      if (found !== undefined) return found.seq;
    }
    return null;
  }, [client, job, here]);
}

const NONE: ReadonlySet<number> = new Set();

function without(all: ReadonlySet<number>, one: number): ReadonlySet<number> {
  return new Set([...all].filter((other) => other !== one));
}

/** The first entry of the window of rows that an entry is in: the newest ones, or some before and behind it. */
function baseFor(seq: number, newest: number): number {
  const last = Math.max(1, newest - MOST_ROWS + 1);
  return Math.max(1, Math.min(last, seq - MOST_ROWS / 2));
}

/** Scrolls to a row and gives it the focus. A list that has just been drawn takes some frames until it can scroll. */
function reach(list: { current: VirtuosoHandle | null }, index: number, seq: number, tries = 60): void {
  list.current?.scrollToIndex({ index, align: "center" });
  requestAnimationFrame(() => {
    const row = document.querySelector<HTMLElement>(`[data-seq="${seq}"]`);
    row?.focus({ preventScroll: true });
    const reached = row !== null && document.activeElement === row;
    if (!reached && tries > 0) reach(list, index, seq, tries - 1);
  });
}
