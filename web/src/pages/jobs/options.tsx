/** What the search box offers: fields, values, and what an id may mean. */

import type { Found } from "../../data/search";
import { jobs as texts } from "../../text/jobs";
import type { Meaning } from "./meanings";
import css from "./search-box.module.css";
import type { Suggestion } from "./words";

export type Option = { kind: "word"; word: Suggestion } | { kind: "meaning"; meaning: Meaning; near: boolean };

/** What an id may mean comes first. */
export function optionsOf(found: Found, words: readonly Suggestion[]): Option[] {
  return [
    ...found.hits.map((meaning) => ({ kind: "meaning" as const, meaning, near: false })),
    ...found.near.map((meaning) => ({ kind: "meaning" as const, meaning, near: true })),
    ...words.map((word) => ({ kind: "word" as const, word })),
  ];
}

export function keyOf(option: Option): string {
  return option.kind === "word" ? option.word.insert : `${option.meaning.kind} ${option.meaning.id}`;
}

export function OptionRow({ id, option, at, onTake }: { id: string; option: Option; at: boolean; onTake: () => void }) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the box, which names the option that is meant
    <div
      id={id}
      role="option"
      aria-selected={at}
      className={css.option}
      onMouseDown={(event) => event.preventDefault()}
      onMouseUp={onTake}
    >
      {option.kind === "word" ? <WordOption word={option.word} /> : <MeaningOption {...option} />}
    </div>
  );
}

function WordOption({ word }: { word: Suggestion }) {
  const about = word.kind === "field" ? texts.fields[word.insert.replace(/^-|:$/g, "")] : undefined;
  return (
    <>
      <span className={css.word}>{word.insert}</span>
      {about !== undefined && <span className={css.about}>{about}</span>}
    </>
  );
}

function MeaningOption({ meaning, near }: { meaning: Meaning; near: boolean }) {
  return (
    <>
      <span className={css.kind}>{texts.kinds[meaning.kind] ?? meaning.kind}</span>
      <span className={css.title}>{meaning.title}</span>
      <span className={css.about}>{near ? texts.near : meaning.why}</span>
    </>
  );
}
