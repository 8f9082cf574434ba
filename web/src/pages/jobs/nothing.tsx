/** An empty list: nothing yet, or nothing that matches, and what else may have been meant. */

import { Empty } from "../../parts/empty";
import { jobs as texts } from "../../text/jobs";
import type { Choose } from "./choosing";
import css from "./jobs.module.css";
import { type Meaning, useMeanings } from "./meanings";

export interface NothingProps {
  query: string;
  choose: Choose;
  onMeaning: (meant: Meaning) => void;
}

export function Nothing({ query, choose, onMeaning }: NothingProps) {
  const { hits, near } = useMeanings(query);
  if (query === "") {
    return (
      <Empty kind="nothing yet" title={texts.nothingYet} snippet={texts.snippet}>
        {texts.nothingYetText}
      </Empty>
    );
  }
  return (
    <>
      <Empty
        kind="nothing matches"
        title={texts.nothingMatches}
        filter={query}
        onClear={() => choose({ query: "", cursor: null, row: null })}
      />
      <Perhaps title={texts.perhaps} meanings={hits} onMeaning={onMeaning} />
      <Perhaps title={texts.nearOnes} meanings={hits.length === 0 ? near : []} onMeaning={onMeaning} />
    </>
  );
}

function Perhaps({
  title,
  meanings,
  onMeaning,
}: { title: string; meanings: readonly Meaning[] } & Pick<NothingProps, "onMeaning">) {
  if (meanings.length === 0) return null;
  return (
    <section className={css.perhaps}>
      <h2>{title}</h2>
      <ul>
        {meanings.map((meaning) => (
          <li key={`${meaning.kind} ${meaning.id}`}>
            <button type="button" onClick={() => onMeaning(meaning)}>
              {meaning.title}
            </button>{" "}
            <span>
              {texts.kinds[meaning.kind] ?? meaning.kind} {meaning.id}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
