/** Code to run elsewhere: a command of Headway's names the database of these pages where it would not find it. */

import { address, useReach } from "../data/reach";
import { hasPlace, reaching, whereToRun } from "../text/terminal";
import { Snippet, type SnippetProps } from "./copy";
import css from "./copy.module.css";
import { Waiting } from "./waiting";

export function Command({ code, what }: SnippetProps) {
  const url = useReach(hasPlace(code));
  if (url === undefined) return <Waiting lines={1} />; // nobody copies what would go elsewhere
  const where = whereToRun(code, url);
  return (
    <>
      <Snippet code={reaching(code, url, address)} what={what} />
      {where !== null && <p className={css.where}>{where}</p>}
    </>
  );
}
