/** Changed values side by side; of a secret it is said that it has changed, and no more. */

import { changes as words } from "../../text/sessions";
import type { Change } from "./changes";
import css from "./sessions.module.css";

export function ChangeTable({ changes }: { changes: readonly Change[] }) {
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
        {changes.map((change) => (
          <tr key={change.path} data-change={change.change} tabIndex={-1}>
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
