/** What has to be said about the list: that it is partial, slow, failed, in its middle, or at its end. */

import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import { Trouble } from "../../parts/trouble";
import { addressNotes, type Unread } from "../../text/address";
import { jobs as texts } from "../../text/jobs";
import type { Choose } from "./choosing";
import { WINDOW } from "./job-list";
import css from "./jobs.module.css";
import { type Listed, wrongIn } from "./use-job-list";

const SLOW_MS = 5_000;

export interface NotesProps {
  listed: Listed;
  partial: boolean;
  choose: Choose;
}

export function Notes({ listed, partial, choose }: NotesProps) {
  const { list, view, wanted } = listed;
  const current = wanted ?? { list, view };
  const slow = useSlow(current.list, current.view.state === "loading");
  return (
    <>
      {partial && <p className={css.note}>{texts.partial(view.ids.length)}</p>}
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

/** What came since waits here until somebody wants the rows to change. */
export function Changes({ listed, onTake }: { listed: Listed; onTake: () => void }) {
  const { list, view, fromNewest } = listed;
  return (
    <div className={css.changes} role="status">
      {list.start !== null && (
        <Button size="compact-sm" radius="xl" variant="default" onClick={fromNewest}>
          {texts.fromNewest}
        </Button>
      )}
      {view.newer > 0 && view.ids.length > 0 && (
        <Button size="compact-sm" radius="xl" onClick={onTake} title={texts.newerTitle}>
          {texts.newer(view.newer, WINDOW)}
        </Button>
      )}
    </div>
  );
}

export function Foot({ listed, count }: { listed: Listed; count: number }) {
  const { list, view } = listed;
  if (view.state !== "ready" || count === 0) return null;
  if (view.error !== null) return <Trouble error={view.error} onRetry={() => void list.readMore()} what={texts.list} />;
  return (
    <div className={css.foot}>
      {view.more ? (view.reading ? texts.more : "\u00a0") : texts.end(count - view.left.size)}
      {view.left.size > 0 && (
        <Button size="compact-xs" variant="default" onClick={() => list.tidy()}>
          {texts.tidy(view.left.size)}
        </Button>
      )}
    </div>
  );
}

export function Unknown({ names, unread }: { names: readonly string[]; unread: readonly Unread[] }) {
  const told = addressNotes(names, unread);
  if (told === "") return null;
  return (
    <p className={css.note} role="status">
      {told}
    </p>
  );
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
