/** One row of the log: a line, or what happened to the job between two lines. */

import type { Event } from "@headway/client";
import { UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { type MouseEvent, memo } from "react";
import { log } from "../../../text/job/log";
import { Coloured } from "./coloured";
import type { Span } from "./folds";
import css from "./log.module.css";
import { clock } from "./times";

export interface EntryLooks {
  times: "off" | "relative" | "absolute";
  zone: "local" | "UTC";
  startedAt: number;
  wrap: boolean;
  found: string;
  /** The address of the page: with <base>, a hash alone would lead elsewhere. */
  place: string;
}

interface EntryProps {
  seq: number;
  event: Event | null | undefined;
  looks: EntryLooks;
  chosen: boolean;
  current: boolean;
  span: Span | undefined;
  folded: boolean;
  onChoose: (seq: number, extend: boolean) => void;
  onFold: (span: Span) => void;
}

export const Entry = memo(function Entry({
  seq,
  event,
  looks,
  chosen,
  current,
  span,
  folded,
  onChoose,
  onFold,
}: EntryProps) {
  const choose = (click: MouseEvent) => {
    click.preventDefault();
    onChoose(seq, click.shiftKey);
  };
  return (
    <div
      className={css.entry}
      data-seq={seq}
      data-kind={event?.kind}
      data-level={event?.kind === "log" ? event.name : undefined}
      data-chosen={chosen || undefined}
      data-current={current || undefined}
      data-wrap={looks.wrap || undefined}
      tabIndex={-1}
    >
      <a
        className={css.number}
        href={`${looks.place}#L${seq}`}
        onClick={choose}
        aria-label={log.line(seq)}
        tabIndex={-1}
      >
        {seq}
      </a>
      {looks.times !== "off" && (
        <span className={css.time}>{event ? clock(event.at, looks.times, looks.zone, looks.startedAt) : ""}</span>
      )}
      <Said event={event} looks={looks} />
      {span !== undefined && (
        <UnstyledButton
          className={css.fold}
          aria-expanded={!folded}
          aria-label={folded ? log.unfold(span.step, span.last - span.first) : log.fold(span.step)}
          onClick={() => onFold(span)}
        >
          {folded ? <IconChevronRight size={14} aria-hidden /> : <IconChevronDown size={14} aria-hidden />}
          {folded && log.folded(span.last - span.first)}
        </UnstyledButton>
      )}
    </div>
  );
});

function Said({ event, looks }: { event: Event | null | undefined; looks: EntryLooks }) {
  if (event === null) return <span className={css.quiet}>{log.reading}</span>;
  if (event === undefined) return <span className={css.quiet}>{log.gone}</span>;
  if (event.kind === "log") {
    return (
      <span className={css.text}>
        {event.name !== "info" && <span className={css.level}>{log.level[event.name] ?? event.name}</span>}
        <Coloured text={textOf(event)} found={looks.found} />
      </span>
    );
  }
  return (
    <span className={css.happening}>
      <Coloured text={happening(event)} found={looks.found} />
    </span>
  );
}

/** What a log line says. */
export function textOf(event: Event): string {
  const text = event.data.text;
  return typeof text === "string" ? text : JSON.stringify(event.data);
}

/** What happened, in words: for moves, steps, warnings and notes. */
export function happening(event: Event): string {
  const { kind, name, data } = event;
  if (kind === "step") return `${name} ${log.step[String(data.state)] ?? String(data.state)}`;
  const about = [data.text, data.message, data.reason, data.error].find((said) => typeof said === "string");
  const word = kind === "warning" ? log.warning : (log.moves[name] ?? name.replaceAll("_", " "));
  const attempt = name === "claim" ? ` · ${log.attempt(event.attempt)}` : "";
  return `${word}${attempt}${about === undefined ? "" : ` · ${String(about)}`}`;
}
