/** What has been saved to go on from, and what going on or back from here would mean. */

import { Button } from "@mantine/core";
import { useMemo } from "react";
import { perform } from "../../../data/actions";
import { useAsked } from "../../../data/asked";
import { useLost } from "../../../data/signal";
import { Empty } from "../../../parts/empty";
import { LongTable, type RowPlace } from "../../../parts/long-table";
import { Moment } from "../../../parts/moment";
import table from "../../../parts/table.module.css";
import { checkpoints as text } from "../../../text/job/checkpoints";
import { page } from "../../../text/job/page";
import { exact, size } from "../../../text/words";
import { useJob } from "../followed";
import { JsonTree } from "../json-tree";
import { Panel, Quiet } from "../panel";
import { Read } from "../read";
import { type Checkpoint, type Step, type Undo, useCheckpoints, useSteps, useUndos } from "../reads";
import css from "./checkpoints.module.css";
import { undosAfter } from "./undone";

export default function Checkpoints() {
  const checkpoints = useCheckpoints();
  const steps = useSteps();
  return (
    <Read query={checkpoints}>
      {(saved) => <Read query={steps}>{(known) => <Drawn saved={saved} steps={known} />}</Read>}
    </Read>
  );
}

function Drawn({ saved, steps }: { saved: readonly Checkpoint[]; steps: readonly Step[] }) {
  const state = saved.find((one) => one.kind === "state") ?? null;
  const cursors = saved.filter((one) => one.kind === "cursor");
  const finished = steps.filter((step) => step.state === "completed");
  if (saved.length === 0 && finished.length === 0) {
    return (
      <Empty kind="nothing yet" title={text.none} snippet={text.snippet} what={page.theSnippet}>
        {text.noneText}
      </Empty>
    );
  }
  return (
    <>
      <GoOn state={state !== null} cursors={cursors.length} finished={finished.length} steps={steps} />
      <State state={state} />
      <Cursors cursors={cursors} />
      <Steps finished={finished} all={steps} />
    </>
  );
}

interface GoOnProps {
  state: boolean;
  cursors: number;
  finished: number;
  steps: readonly Step[];
}

const GOES_ON = ["resume", "retry"] as const;
/** Where the job goes back, or is. */
const BACK = new Set(["rolling_back", "rolled_back"]);

/** What is kept and what is repeated when the job goes on from here. */
function GoOn({ state, cursors, finished, steps }: GoOnProps) {
  const job = useJob();
  const lost = useLost();
  const asked = useAsked(job);
  const verb = GOES_ON.find((one) => job.moves.includes(one)) ?? null;
  if (job.state === "completed" || job.state === "cancelled") return null;
  if (verb === null && (job.ended_at !== null || BACK.has(job.state))) return null;
  const cutOff = steps.filter((step) => step.state === "running" || step.state === "failed").map((step) => step.name);
  return (
    <Panel title={verb === null ? text.ifStopped : text.goOn}>
      <div className={css.goOn}>
        <ul className={css.points}>
          <li>{text.kept(finished, state, cursors)}</li>
          <li>{text.repeated(cutOff)}</li>
        </ul>
        {verb !== null && (
          <Button size="xs" disabled={lost || asked !== null} onClick={() => void perform(job, verb)}>
            {text.verbs[verb]}
          </Button>
        )}
      </div>
    </Panel>
  );
}

function State({ state }: { state: Checkpoint | null }) {
  return (
    <Panel title={text.state} about={state === null ? text.stateText : <Saved saved={state} />}>
      {state === null ? <Quiet>{text.noState}</Quiet> : <JsonTree value={state.value} />}
    </Panel>
  );
}

function Saved({ saved }: { saved: Checkpoint }) {
  return (
    <>
      {text.saved} <Moment at={saved.saved_at} />, {text.inAttempt(saved.attempt)}, {size(saved.size)}
    </>
  );
}

function Cursors({ cursors }: { cursors: readonly Checkpoint[] }) {
  const { columns } = text;
  if (cursors.length === 0) return null;
  return (
    <Panel title={text.cursors} about={text.cursorsText} bare>
      <LongTable
        label={text.cursors}
        columns={5}
        rows={cursors}
        head={
          <tr>
            <th scope="col">{columns.loop}</th>
            <th scope="col">{columns.at}</th>
            <th scope="col">{columns.saved}</th>
            <th scope="col" className={table.figure}>
              {columns.attempt}
            </th>
            <th scope="col" className={table.figure}>
              {columns.size}
            </th>
          </tr>
        }
      >
        {(cursor, place) => (
          <tr key={cursor.name} {...place}>
            <td className={table.mono}>{cursor.name}</td>
            <td data-wide>
              <JsonTree value={cursor.value} />
            </td>
            <td>
              <Moment at={cursor.saved_at} />
            </td>
            <td className={table.figure} data-label={columns.attempt}>
              {exact(cursor.attempt)}
            </td>
            <td className={table.figure}>{size(cursor.size)}</td>
          </tr>
        )}
      </LongTable>
    </Panel>
  );
}

function Steps({ finished, all }: { finished: readonly Step[]; all: readonly Step[] }) {
  const { columns } = text;
  const { data: undos } = useUndos();
  const after = useMemo(() => undosAfter(all, undos ?? []), [all, undos]);
  const back = !BACK.has(useJob().state);
  return (
    <Panel title={text.steps} about={text.stepsText} bare>
      {finished.length === 0 ? (
        <Quiet>{text.noSteps}</Quiet>
      ) : (
        <LongTable
          label={text.steps}
          columns={back ? 5 : 4}
          rows={finished}
          head={
            <tr>
              <th scope="col">{columns.step}</th>
              <th scope="col">{columns.ended}</th>
              <th scope="col" className={table.figure}>
                {columns.attempt}
              </th>
              <th scope="col" className={table.figure}>
                {columns.result}
              </th>
              {back && <th scope="col">{columns.back}</th>}
            </tr>
          }
        >
          {(step, place) => <StepRow key={step.name} step={step} place={place} after={back ? after(step) : null} />}
        </LongTable>
      )}
    </Panel>
  );
}

/** after: what a rollback to the end of the step undoes; null where the job has gone back already. */
function StepRow({ step, place, after }: { step: Step; place: RowPlace; after: readonly Undo[] | null }) {
  const bytes = useMemo(() => (step.result === null ? 0 : JSON.stringify(step.result).length), [step.result]);
  return (
    <tr {...place}>
      <td data-wide>{step.name}</td>
      <td>{step.ended_at !== null && <Moment at={step.ended_at} />}</td>
      <td className={table.figure} data-label={text.columns.attempt}>
        {exact(step.attempt)}
      </td>
      <td className={table.figure}>{bytes > 0 && size(bytes)}</td>
      {after !== null && (
        <td>
          <Back step={step} after={after} />
        </td>
      )}
    </tr>
  );
}

/** Back to the end of a step: what was recorded after it is undone. */
function Back({ step, after }: { step: Step; after: readonly Undo[] }) {
  const job = useJob();
  const lost = useLost();
  if (after.length === 0) return <span className={table.quiet}>{text.lost(0)}</span>;
  return (
    <span className={css.back}>
      <span>{text.lost(after.length)}</span>
      {job.moves.includes("rollback") && (
        <Button
          size="compact-xs"
          variant="default"
          disabled={lost}
          onClick={() => void perform(job, "rollback", { to_step: step.name })}
        >
          {text.rollback}
        </Button>
      )}
    </span>
  );
}
