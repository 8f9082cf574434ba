/** The rows that were found, what can be done with them, and what has to be said about them. */

import { type RefObject, useMemo, useRef, useState } from "react";
import { perform } from "../../data/actions";
import { useLost } from "../../data/signal";
import { Trouble } from "../../parts/trouble";
import { Waiting } from "../../parts/waiting";
import { type BulkVerb, jobs as texts } from "../../text/jobs";
import type { Chosen } from "./address";
import { BulkBar, useBulk } from "./bulk";
import type { Choose, Opening } from "./choosing";
import type { ColumnName } from "./columns";
import { fitting } from "./fits";
import type { JobList } from "./job-list";
import css from "./jobs.module.css";
import { useListKeys } from "./keys";
import { Changes, Foot, Notes } from "./notes";
import { Nothing } from "./nothing";
import { type Control, useAddress, useFocus } from "./place";
import type { RowHandlers } from "./row";
import { Ticks } from "./selection";
import { Table } from "./table";
import { type Listed, wrongIn } from "./use-job-list";
import { quoted, wordsOf } from "./words";

export interface ResultsProps {
  listed: Listed;
  chosen: Chosen;
  total: number | null;
  choose: Choose;
  control: Control;
  box: RefObject<{ focus(): void } | null>;
  onColumns: (shown: readonly ColumnName[]) => void;
  open: Opening;
}

export function Results(props: ResultsProps) {
  const { listed, chosen, total, choose, control, onColumns, open } = props;
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

  const handlers = useHandlers({ choose, ids, open, list }, ticks, setFocus);
  const take = async () => {
    await list.take();
    window.scrollTo({ top: 0 });
  };
  useResultKeys({ ...props, ids, focus, setFocus, ticks, handlers, ask, take });
  const waiting = view.state === "loading";
  return (
    <div className={css.results} data-stale={(wanted !== null && wanted.view.state === "loading") || undefined}>
      <Notes listed={listed} partial={partial} choose={choose} />
      <Changes listed={listed} onTake={() => void take()} />
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
      {view.state === "ready" && ids.length === 0 && (
        <Nothing query={chosen.query} choose={choose} onMeaning={open.meaning} />
      )}
      <Foot listed={listed} count={ids.length} />
      <BulkBar list={list} ticks={ticks} total={total} ask={(verb) => void ask(verb)} />
    </div>
  );
}

interface Acting {
  choose: Choose;
  ids: readonly string[];
  open: Opening;
  list: JobList;
}

/** What rows call. It stays the same, so that no row is drawn anew for it. */
function useHandlers(acting: Acting, ticks: Ticks, focus: (id: string) => void): RowHandlers {
  const latest = useRef(acting);
  latest.current = acting;
  return useMemo(
    () => ({
      focus,
      open: (id, aside) => {
        const number = latest.current.list.job(id)?.number;
        if (number !== undefined) latest.current.open.job(number, aside);
      },
      tick: (id, reach) => (reach ? ticks.reach(id, latest.current.ids) : ticks.toggle(id)),
      only: (field, value) => {
        const others = wordsOf(latest.current.list.query).filter((word) => word.field !== field || word.denied);
        const words = [...others.map((word) => word.text), `${field}:${quoted(value)}`];
        latest.current.choose({ query: words.join(" "), cursor: null, row: null });
      },
    }),
    [focus, ticks],
  );
}

interface Keyed extends ResultsProps {
  ids: readonly string[];
  focus: string | null;
  setFocus: (id: string) => void;
  ticks: Ticks;
  handlers: RowHandlers;
  ask: (verb: BulkVerb) => Promise<void>;
  take: () => Promise<void>;
}

function useResultKeys(keyed: Keyed): void {
  const { listed, control, box, ids, focus, setFocus, ticks, handlers, ask, take } = keyed;
  const { list, view } = listed;
  const lost = useLost();
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
    hasTicks: () => ticks.getSnapshot().ids.size > 0,
    clear: () => ticks.clear(),
  });
}

function fittingIds({ list, view }: Listed, query: string): string[] {
  const fits = fitting(query);
  return view.ids.filter((id) => {
    const job = list.job(id);
    return job !== undefined && fits(job);
  });
}
