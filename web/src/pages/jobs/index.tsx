/** The page of jobs: found by any id or by a query, followed live, handled one by one or many at once. */

import { useSearch } from "@tanstack/react-router";
import { useCallback, useMemo, useRef, useState } from "react";
import { search } from "../../data/search";
import { useViews } from "../../data/views";
import { PageHead } from "../../parts/page-head";
import { jobs as texts } from "../../text/jobs";
import { pages } from "../../text/pages";
import { exact } from "../../text/words";
import { chosenIn, jobsSearch } from "./address";
import { Chips } from "./chips";
import { ListChoices } from "./choices";
import { useChoose, useOpening } from "./choosing";
import type { ColumnName } from "./columns";
import { totalOf, useCounts } from "./counts";
import css from "./jobs.module.css";
import { knownValues } from "./known-values";
import { meantBy } from "./meanings";
import { resolved, searchOf } from "./named";
import { Unknown } from "./notes";
import { Results } from "./results";
import { SearchBox } from "./search-box";
import type { TableControl } from "./table";
import { useJobList, wrongIn } from "./use-job-list";
import { useViewInAddress, Views } from "./views";
import { statesOf, toggledState, withStates } from "./words";

/** So long at most it is asked whether what was entered is an id, before it is taken for a word. */
const ID_MS = 2_000;

export default function JobsPage() {
  const raw = useSearch({ strict: false }) as Record<string, unknown>;
  const saved = useViews();
  const chosen = useMemo(
    () =>
      chosenIn(
        resolved(jobsSearch(raw), saved),
        saved.map(({ name }) => name),
      ),
    [raw, saved],
  );
  const choose = useChoose();
  useViewInAddress(raw, saved, chosen);
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
  const open = useOpening(chosen.query, chosen.sort);
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
      <Unknown names={chosen.unknown} unread={chosen.unread} />
      <div className={css.bar}>
        <SearchBox
          ref={box}
          query={chosen.query}
          known={known}
          wrong={wrongIn(listed)}
          kept={view.ids.length > 0}
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
        >
          <Views
            chosen={chosen}
            onView={(view) => {
              const { query, sort, columns } = chosenIn(searchOf(view));
              choose({ query, sort, columns, cursor: null, row: null });
            }}
          />
        </ListChoices>
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
        open={open}
      />
    </>
  );
}
