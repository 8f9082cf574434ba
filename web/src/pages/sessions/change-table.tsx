/** Changed values side by side; of a secret it is said that it has changed, and no more. */

import { useEffect, useRef } from "react";
import { useCommand } from "../../commands";
import { changes as words } from "../../text/sessions";
import type { Change } from "./changes";
import css from "./sessions.module.css";

export function ChangeTable({ changes }: { changes: readonly Change[] }) {
  const rows = useRef<(HTMLTableRowElement | null)[]>([]);
  const at = useRef(-1);
  const step = (by: 1 | -1) => {
    if (changes.length === 0) return;
    at.current = (at.current + by + changes.length) % changes.length;
    rows.current[at.current]?.focus();
  };
  useEffect(() => {
    at.current = -1;
  }, []);
  useCommand({ id: "changes.next", keys: "n", title: words.next, run: () => step(1) });
  useCommand({ id: "changes.previous", keys: "b", title: words.previous, run: () => step(-1) });
  return (
    <table className={css.changes}>
      <caption className={css.hidden}>{words.table}</caption>
      <thead>
        <tr>
          <th scope="col">{words.path}</th>
          <th scope="col">{words.from}</th>
          <th scope="col">{words.to}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change, index) => (
          <tr
            key={change.path}
            data-change={change.change}
            tabIndex={-1}
            ref={(row) => {
              rows.current[index] = row;
            }}
          >
            <th scope="row">
              <code>{change.path}</code> <span className={css.kind}>{words[change.change]}</span>
            </th>
            <td>
              <Side change={change} side="from" isThere={change.change !== "added"} />
            </td>
            <td>
              <Side change={change} side="to" isThere={change.change !== "removed"} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Side({ change, side, isThere }: { change: Change; side: "from" | "to"; isThere: boolean }) {
  if (!isThere) return <span className={css.quiet}>{words.nothing}</span>;
  const value = change[side];
  if (!change.secret)
    return <code className={css.value}>{typeof value === "string" ? value : JSON.stringify(value)}</code>;
  return <em>{change.change === "changed" && side === "to" ? words.secretChanged : words.secret}</em>;
}
