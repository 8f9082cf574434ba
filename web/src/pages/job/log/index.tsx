/** The log of a job: a million lines, live, searched on the server, each with an address. */

import type { Job, JobView } from "@headway/client";
import { useClient } from "@headway/client/react";
import { Button } from "@mantine/core";
import { useRouterState } from "@tanstack/react-router";
import { useEffect, useMemo, useRef, useState } from "react";
import { useCommand } from "../../../commands";
import { prefix } from "../../../data/client";
import { usePreferences } from "../../../data/preferences";
import { Empty } from "../../../parts/empty";
import { Trouble } from "../../../parts/trouble";
import { log } from "../../../text/job/log";
import { useAddress, useReaddress } from "../address";
import { useLogChoices } from "./choices";
import type { EntryLooks } from "./entry";
import { FilteredLog } from "./filtered";
import { Lines } from "./lines";
import css from "./log.module.css";
import { useNextError } from "./next-error";
import { PlainLog } from "./plain";
import { useReader } from "./reader";
import { useSearch } from "./search";
import { LEVELS, Toolbar } from "./toolbar";
import { Beyond, Viewer } from "./viewer";

export function LogTab({ job, view }: { job: Job; view: JobView }) {
  const client = useClient();
  const [plain, setPlain] = useState(false);
  const address = useAddress();
  const readdress = useReaddress();
  const levels = useMemo(() => LEVELS.filter((level) => address.level?.split(",").includes(level)), [address.level]);
  const setLevels = (chosen: string[]) => readdress({ level: chosen.length === 0 ? undefined : chosen.join(",") });
  const [text, setText] = useState(address.find ?? "");
  const [choices, choose] = useLogChoices();
  const { zone } = usePreferences();
  const newest = Math.max(job.events, view.events.at(-1)?.seq ?? 0);
  const lines = useMemo(() => new Lines(client, job.id), [client, job.id]);
  useEffect(() => lines.hear(view.events), [lines, view.events]);

  const reader = useReader(job, newest, lines);
  const { goTo, toEnd } = reader;
  const search = useSearch({ job: job.id, newest, levels, text, setText, here: reader.here, goTo });
  const { found } = search;
  useEffect(() => {
    if ((address.find ?? "") !== found) readdress({ find: found === "" ? undefined : found });
  }, [found, address.find, readdress]);
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
            setSeen={reader.setSeen}
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
