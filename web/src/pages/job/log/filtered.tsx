/** Only the lines of chosen levels: read page by page as one scrolls. */

import type { Event } from "@headway/client";
import { useClient } from "@headway/client/react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { Virtuoso } from "react-virtuoso";
import { log } from "../../../text/job/log";
import { Entry, type EntryLooks } from "./entry";
import css from "./log.module.css";

const PAGE = 500;
const NEWS_MS = 2_000;

interface FilteredProps {
  job: string;
  levels: readonly string[];
  isLive: boolean;
  looks: EntryLooks;
  choose: (seq: number, extend: boolean) => void;
}

export function FilteredLog({ job, levels, isLive, looks, choose }: FilteredProps) {
  const client = useClient();
  const query = useInfiniteQuery({
    queryKey: ["log levels", job, levels],
    initialPageParam: 0,
    queryFn: async ({ pageParam, signal }) => {
      const { data } = await client.rest.GET("/api/v1/jobs/{any_id}/logs", {
        params: { path: { any_id: job }, query: { after: pageParam, limit: PAGE, level: [...levels] } },
        signal,
      });
      return data.logs as Event[];
    },
    getNextPageParam: (page) => (page.length < PAGE ? undefined : page.at(-1)?.seq),
    refetchInterval: isLive ? NEWS_MS : false,
    maxPages: 200,
  });
  const lines = useMemo(() => query.data?.pages.flat() ?? [], [query.data]);
  if (query.isSuccess && lines.length === 0) return <p className={css.empty}>{log.emptyLevel}</p>;
  return (
    <Virtuoso
      className={css.list}
      data={lines}
      aria-label={log.region}
      role="region"
      tabIndex={0}
      endReached={() => query.hasNextPage && void query.fetchNextPage()}
      itemContent={(_, event) => (
        <Entry
          seq={event.seq}
          event={event}
          looks={looks}
          chosen={false}
          current={false}
          span={undefined}
          folded={false}
          onChoose={choose}
          onFold={nothing}
        />
      )}
    />
  );
}

function nothing(): void {}
