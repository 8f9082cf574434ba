/** The job among its relatives: who started it, what it has started, and how far all of them are. */

import type { Job } from "@headway/client";
import { useJobs, useJob as useLiveJob } from "@headway/client/react";
import { Button } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useCallback, useMemo, useRef, useState } from "react";
import { Virtuoso, type VirtuosoHandle } from "react-virtuoso";
import { useCommand } from "../../../commands";
import { client } from "../../../data/client";
import { Empty } from "../../../parts/empty";
import { page } from "../../../text/job/page";
import { tree as text } from "../../../text/job/tree";
import { useJob } from "../followed";
import { Panel } from "../panel";
import { Read } from "../read";
import { Node } from "./node";
import { type Branch, goTo, type Row, rowsOf, stepOf, treeOf } from "./rows";
import css from "./tree.module.css";

const ROW_PX = 40;
const MOST_ROWS_SHOWN = 16;
/** The largest family that is followed live; a larger one is read again now and then. */
const MOST_FOLLOWED = 500;
/** The more jobs, the less often the whole tree is read again. */
const SOONEST_MS = 2_000;
const MS_PER_JOB = 10;
const NONE_DRAWN = { startIndex: 0, endIndex: -1 };

export default function Tree() {
  const { root_id } = useJob();
  const followed = useFollowed(root_id);
  const read = useQuery({
    queryKey: ["tree", root_id],
    enabled: followed === null,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data } }) =>
      data === undefined || isOver(data) ? false : Math.max(SOONEST_MS, sizeOf(data) * MS_PER_JOB),
    queryFn: async () =>
      (await client.rest.GET("/api/v1/jobs/{any_id}/tree", { params: { path: { any_id: root_id } } })).data as Branch,
  });
  const query = followed === null ? read : { ...read, data: followed, error: null };
  return <Read query={query}>{(root) => <Drawn root={root} />}</Read>;
}

/** The tree as it is told live; null while it is not known, or has more jobs than are followed. */
function useFollowed(root_id: string): Branch | null {
  const { job: root } = useLiveJob(root_id, { steps: false });
  const { jobs, known } = useJobs({ root: root_id, limit: MOST_FOLLOWED });
  return useMemo(
    () => (root === null || !known || jobs.length >= MOST_FOLLOWED ? null : treeOf(root, jobs)),
    [root, known, jobs],
  );
}

function Drawn({ root }: { root: Branch }) {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => rowsOf(root, closed), [root, closed]);
  const set = useCallback(
    (id: string, isClosed: boolean) =>
      setClosed((before) => {
        const after = new Set(before);
        if (isClosed) after.add(id);
        else after.delete(id);
        return after;
      }),
    [],
  );
  if (rows.length === 1 && closed.size === 0) {
    return (
      <Empty kind="nothing yet" title={text.alone} snippet={text.snippet} what={page.theSnippet}>
        {text.aloneText}
      </Empty>
    );
  }
  const parents = rows.filter((row) => row.children > 0).map((row) => row.job.id);
  const actions = (
    <>
      <span className={css.hint}>{text.hint}</span>
      <Button
        size="compact-xs"
        variant="default"
        onClick={() => setClosed(closed.size === 0 ? new Set(parents.slice(1)) : new Set())}
      >
        {closed.size === 0 ? text.closeAll : text.openAll}
      </Button>
    </>
  );
  return (
    <Panel title={text.title} actions={actions} bare>
      <Widget rows={rows} onClose={set} />
    </Panel>
  );
}

function Widget({ rows, onClose }: { rows: readonly Row[]; onClose: (id: string, closed: boolean) => void }) {
  const { id } = useJob();
  const list = useRef<VirtuosoHandle>(null);
  const [active, setActive] = useState(id);
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  const [drawn, setDrawn] = useState(NONE_DRAWN);
  const at = Math.max(
    0,
    rows.findIndex((row) => row.job.id === active),
  );
  const navigate = useNavigate();
  const go = useCallback(
    (index: number) => {
      const row = rows[index];
      if (row === undefined) return;
      setActive(row.job.id);
      list.current?.scrollIntoView({ index, behavior: "auto" });
    },
    [rows],
  );
  const open = useCallback(
    (job: Job) =>
      void navigate({ to: "/jobs/$id", params: { id: String(job.number) }, search: { tab: "tree" } as never }),
    [navigate],
  );
  const take = (step: ReturnType<typeof stepOf>) => {
    if (step === null) return;
    if ("go" in step) go(step.go);
    else if ("open" in step) onClose(step.open, false);
    else onClose(step.close, true);
  };
  useCommand({ id: "tree.root", keys: "t", title: text.toRoot, run: () => go(0) });
  useCommand({
    id: "tree.parent",
    keys: "u",
    title: text.toParent,
    run: () => take(goTo(rows, rows[at]?.parent ?? null)),
  });
  const press = (event: KeyboardEvent) => {
    const row = rows[at];
    if (event.key === "Enter" && row !== undefined) return open(row.job);
    const step = stepOf(rows, at, event.key);
    if (step === null) return;
    event.preventDefault();
    take(step);
  };
  const [first] = useState(at);
  const isDrawn = drawn.startIndex <= at && at <= drawn.endIndex;
  return (
    <div
      ref={setScroller}
      role="tree"
      aria-label={text.label}
      tabIndex={0}
      aria-activedescendant={isDrawn ? `node-${rows[at]?.job.id}` : undefined}
      className={css.tree}
      style={{ height: Math.min(rows.length, MOST_ROWS_SHOWN) * ROW_PX + 2 }}
      onKeyDown={press}
    >
      {scroller !== null && (
        <Virtuoso
          ref={list}
          customScrollParent={scroller}
          initialTopMostItemIndex={{ index: first, align: "center" }}
          data={rows as Row[]}
          fixedItemHeight={ROW_PX}
          rangeChanged={setDrawn}
          computeItemKey={(_, row) => row.job.id}
          itemContent={(index, row) => (
            <Node
              row={row}
              here={row.job.id === id}
              active={index === at}
              onGo={setActive}
              onClose={onClose}
              onOpen={open}
            />
          )}
        />
      )}
    </div>
  );
}

function isOver(branch: Branch): boolean {
  return branch.job.ended_at !== null && (branch.children ?? []).every(isOver);
}

function sizeOf(branch: Branch): number {
  return (branch.children ?? []).reduce((sum, child) => sum + sizeOf(child), 1);
}
