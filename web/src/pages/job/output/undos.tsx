/** What a rollback would run, and what it has run. */

import { useClient } from "@headway/client/react";
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useLost } from "../../../data/signal";
import { Moment } from "../../../parts/moment";
import { Status } from "../../../parts/status";
import table from "../../../parts/table.module.css";
import { Trouble } from "../../../parts/trouble";
import { output as text } from "../../../text/job/output";
import { useJob } from "../followed";
import { Panel, Quiet } from "../panel";
import { Read } from "../read";
import { type Undo, useUndos } from "../reads";
import css from "./output.module.css";

const LOOKS: Record<string, string> = { recorded: "pending", done: "rolled_back", failed: "failed" };

export function Undos() {
  const { moves, undos } = useJob();
  const query = useUndos();
  if (undos === 0) {
    return (
      <Panel title={text.undos}>
        <Quiet>{text.noUndos}</Quiet>
      </Panel>
    );
  }
  return (
    <Panel title={text.undos} about={text.undosText} bare>
      {moves.includes("rollback") && <Preview />}
      <Read query={query}>{(known) => <List undos={[...known].reverse()} />}</Read>
    </Panel>
  );
}

function Preview() {
  const { id } = useJob();
  const client = useClient();
  const lost = useLost();
  const asked = useMutation({
    mutationFn: async () => {
      const call = { params: { path: { any_id: id } }, body: { dry_run: true } };
      const { data } = await client.rest.POST("/api/v1/jobs/{any_id}/rollback", call);
      return Array.isArray(data.undos) ? data.undos : [];
    },
  });
  return (
    <div className={css.preview}>
      <Button size="xs" variant="default" disabled={lost} loading={asked.isPending} onClick={() => asked.mutate()}>
        {text.preview}
      </Button>
      <div role="status">{asked.data !== undefined && text.previewed(asked.data.length)}</div>
      {asked.error !== null && <Trouble error={asked.error} />}
      {asked.data !== undefined && asked.data.length > 0 && (
        <ol className={css.order}>
          {asked.data.map((undo) => (
            <li key={undo.position}>
              <code>{undo.type}</code> <span className={css.quiet}>{brief(undo.input)}</span>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

function List({ undos }: { undos: readonly Undo[] }) {
  const { columns } = text;
  return (
    <table className={table.table} aria-label={text.undos}>
      <thead>
        <tr>
          <th scope="col">{columns.undo}</th>
          <th scope="col">{columns.input}</th>
          <th scope="col">{columns.step}</th>
          <th scope="col">{columns.recorded}</th>
          <th scope="col">{columns.state}</th>
        </tr>
      </thead>
      <tbody>
        {undos.map((undo) => (
          <tr key={undo.position}>
            <td className={table.mono}>{undo.type}</td>
            <td className={table.mono} data-wide>
              {brief(undo.input)}
            </td>
            <td>{undo.step ?? <span className={table.quiet}>–</span>}</td>
            <td>
              <Moment at={undo.recorded_at} />
            </td>
            <td>
              <Status state={LOOKS[undo.state] ?? undo.state} label={text.states[undo.state] ?? undo.state} />
              {undo.error !== null && <div className={table.bad}>{undo.error.message}</div>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function brief(input: unknown): string {
  return input === null || input === undefined ? "" : JSON.stringify(input);
}
