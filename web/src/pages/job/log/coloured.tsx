/** A log line: terminal colours as classes, what was searched marked; markup in it stays text. */

import Anser from "anser";
import { Fragment, memo, type ReactNode } from "react";
import css from "./log.module.css";

const ESCAPE = String.fromCharCode(27);
/** What moves the cursor, sets titles or links: nothing to see in a log. */
const OTHER_CONTROLS = new RegExp(
  `${ESCAPE}\\[[0-9;?]*[A-LN-Za-ln-z]|${ESCAPE}\\][^\\u0007${ESCAPE}]*(?:\\u0007|${ESCAPE}\\\\)|[\\u0000-\\u0008\\u000b-\\u001a\\u007f]`,
  "g",
);

export const Coloured = memo(function Coloured({ text, found }: { text: string; found: string }) {
  if (!text.includes(ESCAPE)) return <>{marked(text.replace(OTHER_CONTROLS, ""), found)}</>;
  const parts = Anser.ansiToJson(text.replace(OTHER_CONTROLS, ""), { use_classes: true, remove_empty: true });
  return (
    <>
      {parts.map((part, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one line never change their places
        <span key={at} className={classes(part)}>
          {marked(part.content, found)}
        </span>
      ))}
    </>
  );
});

/** The text without terminal codes, as plain views and copies have it. */
export function plain(text: string): string {
  return Anser.ansiToText(text.replace(OTHER_CONTROLS, ""));
}

function classes(part: Anser.AnserJsonEntry): string | undefined {
  const names = [
    part.fg && css[part.fg],
    part.bg && css[`on-${part.bg}`],
    ...(part.decorations ?? []).map((decoration) => css[decoration]),
  ].filter(Boolean);
  return names.length === 0 ? undefined : names.join(" ");
}

function marked(text: string, found: string): ReactNode {
  if (found === "") return text;
  const pieces: ReactNode[] = [];
  let from = 0;
  for (const [at, to] of placesOf(text, found)) {
    pieces.push(
      <Fragment key={at}>
        {text.slice(from, at)}
        <mark className={css.mark}>{text.slice(at, to)}</mark>
      </Fragment>,
    );
    from = to;
  }
  pieces.push(text.slice(from));
  return pieces;
}

const SYNTAX = /[\\^$.*+?()[\]{}|/]/g;

/** Where `found` stands in the text, from and to, in either case. Looked for in the text itself: "İ" is longer in lower case. */
export function placesOf(text: string, found: string): [number, number][] {
  const pattern = new RegExp(found.replace(SYNTAX, "\\$&"), "giu");
  return [...text.matchAll(pattern)].map((match) => [match.index, match.index + match[0].length]);
}
