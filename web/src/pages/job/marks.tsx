/** What stands beside the state: for what it waits, since when it is stalled, what is not certain. */

import { IconClock, IconHourglass, IconInfoCircle } from "@tabler/icons-react";
import type { ComponentType, ReactNode } from "react";
import { Moment } from "../../parts/moment";
import { page as text } from "../../text/job/page";
import { useJob, useView } from "./followed";
import css from "./head.module.css";

type Shape = ComponentType<{ size?: number | string; stroke?: number; "aria-hidden"?: boolean }>;

const SHAPES: Record<string, Shape> = {
  waiting_for: IconClock,
  stalled_since: IconHourglass,
  not_answering_since: IconHourglass,
};

export function Marks() {
  const { marks, state } = useJob();
  const stalled = useView((view) => view.job?.progress?.stalled_since ?? null);
  const shown = { ...marks };
  delete shown.stalled_since;
  delete shown.with_warnings; // they have a line of their own
  const isStalled = stalled !== null && state === "running";
  if (!isStalled && Object.keys(shown).length === 0) return null;
  return (
    <ul className={css.marks}>
      {isStalled && (
        <Mark name="stalled_since">
          {text.marks.stalled_since}, {text.since} <Moment at={stalled} />
        </Mark>
      )}
      {Object.entries(shown).map(([name, value]) => (
        <Mark key={name} name={name}>
          <Words name={name} value={value} />
        </Mark>
      ))}
    </ul>
  );
}

function Mark({ name, children }: { name: string; children: ReactNode }) {
  const Icon = SHAPES[name] ?? IconInfoCircle;
  return (
    <li className={css.mark} data-mark={name}>
      <Icon size={14} stroke={2} aria-hidden />
      <span>{children}</span>
    </li>
  );
}

const A_MOMENT = /\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)/;

function Words({ name, value }: { name: string; value: string }) {
  if (name === "not_answering_since") {
    return (
      <>
        {text.marks.not_answering_since}, {text.since} <Moment at={value} />
      </>
    );
  }
  if (name === "unconfirmed") return text.marks.unconfirmed;
  const words = name === "waiting_for" ? text.marks.waiting_for(value) : value;
  return <WithMoments text={words} />;
}

/** The server's own words, with the moment in them as moments are shown here. */
function WithMoments({ text: words }: { text: string }) {
  const found = A_MOMENT.exec(words);
  if (found === null) return words;
  return (
    <>
      {words.slice(0, found.index)}
      <Moment at={found[0]} ahead />
      {words.slice(found.index + found[0].length)}
    </>
  );
}
