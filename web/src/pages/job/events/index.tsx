/** The history of the job: what happened, when, by whom and why. */

import type { Event } from "@headway/client";
import { Button, UnstyledButton } from "@mantine/core";
import { memo, useMemo, useState } from "react";
import { Virtuoso } from "react-virtuoso";
import { Empty } from "../../../parts/empty";
import { Moment } from "../../../parts/moment";
import { events as text } from "../../../text/job/events";
import { exact } from "../../../text/words";
import { useAddress, useReaddress } from "../address";
import { useHistory } from "../history";
import { JsonTree } from "../json-tree";
import { Read } from "../read";
import { sentence } from "../sentences";
import css from "./events.module.css";

const KINDS = ["move", "control", "step", "warning", "note"] as const;
const HEIGHT_PX = 520;
const ROW_PX = 41;

export default function Events() {
  const { kind } = useAddress();
  const kinds = useMemo(() => new Set((kind ?? "").split(",").filter(Boolean)), [kind]);
  const { query, events, more, readOn } = useHistory();
  return (
    <>
      <Kinds kinds={kinds} />
      <Read query={query}>{() => <List events={events} kinds={kinds} more={more ? readOn : null} />}</Read>
    </>
  );
}

function Kinds({ kinds }: { kinds: ReadonlySet<string> }) {
  const readdress = useReaddress();
  const choose = (kind: string | null) => {
    const next = new Set(kinds);
    if (kind !== null && !next.delete(kind)) next.add(kind);
    readdress({ tab: "events", kind: kind === null || next.size === 0 ? undefined : [...next].join(",") });
  };
  return (
    <fieldset className={css.kinds}>
      <legend className={css.hidden}>{text.filter}</legend>
      <Chip on={kinds.size === 0} label={text.all} onPress={() => choose(null)} />
      {KINDS.map((kind) => (
        <Chip key={kind} on={kinds.has(kind)} label={text.kinds[kind] ?? kind} onPress={() => choose(kind)} />
      ))}
    </fieldset>
  );
}

function Chip({ on, label, onPress }: { on: boolean; label: string; onPress: () => void }) {
  return (
    <UnstyledButton className={css.chip} aria-pressed={on} onClick={onPress}>
      {label}
    </UnstyledButton>
  );
}

interface ListProps {
  events: readonly Event[];
  kinds: ReadonlySet<string>;
  /** Reads on, where the history goes on. */
  more: (() => void) | null;
}

function List({ events, kinds, more }: ListProps) {
  const [newestFirst, setNewestFirst] = useState(true);
  const shown = useMemo(() => {
    const found = events.filter((event) => kinds.size === 0 || kinds.has(event.kind));
    return newestFirst ? found.reverse() : found;
  }, [events, kinds, newestFirst]);
  if (shown.length === 0) return <Empty kind="nothing matches" title={text.none} />;
  return (
    <>
      <div className={css.tools}>
        <span className="hw-figures">{text.count(shown.length)}</span>
        {more !== null && (
          <Button size="compact-xs" variant="default" onClick={more}>
            {text.more}
          </Button>
        )}
        <Button size="compact-xs" variant="default" onClick={() => setNewestFirst(!newestFirst)}>
          {newestFirst ? text.oldestFirst : text.newestFirst}
        </Button>
      </div>
      <section
        className={css.list}
        aria-label={text.label}
        style={{ height: Math.min(HEIGHT_PX, shown.length * ROW_PX + 2) }}
      >
        <Virtuoso
          data={shown}
          computeItemKey={(_, event) => event.seq}
          increaseViewportBy={200}
          itemContent={(_, event) => <One event={event} />}
        />
      </section>
    </>
  );
}

const One = memo(function One({ event }: { event: Event }) {
  const [open, setOpen] = useState(false);
  const { what, who, why } = sentence(event);
  return (
    <div className={css.event} data-kind={event.kind}>
      <div className={css.line}>
        <span className={css.seq}>{exact(event.seq)}</span>
        <span className={css.at}>
          <Moment at={event.at} as="date" />
        </span>
        <span className={css.kind}>{text.kind[event.kind] ?? event.kind}</span>
        <span className={css.what}>
          {what}
          {who !== null && (
            <span className={css.quiet}>
              {" "}
              {text.by} {who}
            </span>
          )}
          {why !== null && (
            <span className={css.quiet}>
              , {text.because} “{why}”
            </span>
          )}
        </span>
        <button
          type="button"
          className={css.more}
          aria-expanded={open}
          aria-label={text.detailsOf(event.seq)}
          onClick={() => setOpen(!open)}
        >
          {open ? "−" : "+"}
        </button>
      </div>
      {open && (
        <div className={css.data}>
          <JsonTree value={{ attempt: event.attempt, ...event.data }} />
        </div>
      )}
    </div>
  );
});
