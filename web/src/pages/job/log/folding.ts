/** Which steps of a log are folded away. */

import type { Event, Job } from "@headway/client";
import { useClient } from "@headway/client/react";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { type Span, spansOf } from "./folds";

const MOST_HAPPENINGS = 1000;
const NONE: ReadonlySet<number> = new Set();

/** folded: by the first entry of each folded span. */
export function useFolding(job: Job, newest: number) {
  const { spans, history } = useSpans(job, newest);
  const [folded, setFolded] = useState<ReadonlySet<number>>(NONE);
  const unfold = useCallback((span: Span) => setFolded((before) => without(before, span.first)), []);
  const toggleFold = useCallback(
    (span: Span) =>
      setFolded((before) => (before.has(span.first) ? without(before, span.first) : new Set([...before, span.first]))),
    [],
  );
  const toggleAll = useCallback(
    () => setFolded((before) => (before.size === spans.size ? NONE : new Set(spans.keys()))),
    [spans],
  );
  return { spans, history, folded, unfold, toggleFold, toggleAll };
}

/** The spans of steps, read without the lines, so that they are few. */
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

function without(all: ReadonlySet<number>, one: number): ReadonlySet<number> {
  return new Set([...all].filter((other) => other !== one));
}
