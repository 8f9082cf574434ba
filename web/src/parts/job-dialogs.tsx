/** What is asked before a job is cancelled, deleted, rolled back or tried again. */

import type { ActOptions, Job } from "@headway/client";
import { Button, NativeSelect, Radio, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { readDoings, readDoneSteps, readUndone } from "../data/doings";
import { dialogs as texts } from "../text/dialogs";
import { countedBy } from "../text/phases";
import { ask, Choices, confirm } from "./confirm";
import css from "./job-dialogs.module.css";
import { choicesOf, failedItems, planOf, type RetryChoice } from "./retry-plan";
import { Trouble } from "./trouble";
import { Waiting } from "./waiting";

export function askCancel(job: Job): Promise<boolean> {
  const done = job.progress === null ? "" : countedBy(job.progress);
  return confirm({
    title: texts.cancel.title(job.number),
    body: (
      <>
        <p>
          {job.state === "running" || job.state === "pausing"
            ? texts.cancel.what(job.name)
            : texts.cancel.whatHalted(job.name)}
        </p>
        {done !== "" && <p>{texts.cancel.kept(done)}</p>}
        <p>{job.undos > 0 ? texts.cancel.undos(job.undos) : texts.cancel.loss}</p>
      </>
    ),
    action: texts.cancel.action,
    safe: texts.cancel.safe,
    danger: true,
  });
}

export function askDelete(job: Job): Promise<boolean> {
  return confirm({
    title: texts.remove.title(job.number),
    body: (
      <>
        <p>{texts.remove.what(job.name)}</p>
        <p>{texts.remove.loss(job.events)}</p>
      </>
    ),
    action: texts.remove.action,
    safe: texts.remove.safe,
    danger: true,
  });
}

/** How it is to be rolled back; null where it is not. toStep: at first, only what came after that step is undone. */
export function askRollback(job: Job, toStep?: string): Promise<RollbackChoice | null> {
  return ask<RollbackChoice>((answer) => ({
    title: texts.rollback.title(job.number),
    body: <Rollback job={job} toStep={toStep} answer={answer} />,
  }));
}

/** How it is to be tried again; null where it is not. */
export function askRetry(job: Job): Promise<RetryChoice | null> {
  return ask<RetryChoice>((answer) => ({
    title: texts.retry.title(job.number),
    body: <Retry job={job} answer={answer} />,
  }));
}

const LONGEST_REASON = 1000;
/** So many undos are listed by name. */
const SHOWN = 50;

/** What the verb takes. */
export type RollbackChoice = Pick<ActOptions, "to_step" | "reason">;

interface RollbackProps {
  job: Job;
  toStep: string | undefined;
  answer: (choice: RollbackChoice | null) => void;
}

function Rollback({ job, toStep: first, answer }: RollbackProps) {
  const [toStep, setToStep] = useState(first);
  const [reason, setReason] = useState("");
  const steps = useQuery({ queryKey: ["done steps", job.id], queryFn: () => readDoneSteps(job), staleTime: 0 });
  const names = [...new Set([...(steps.data ?? []), ...(first === undefined ? [] : [first])])];
  const { data, error, refetch } = useQuery({
    queryKey: ["undone", job.id, toStep],
    queryFn: () => readUndone(job, toStep),
    staleTime: 0,
    retry: false,
  });
  return (
    <div className={css.body}>
      <p>{texts.rollback.what(job.name)}</p>
      {names.length > 0 && (
        <NativeSelect
          label={texts.rollback.keep}
          value={toStep ?? ""}
          onChange={({ currentTarget }) => setToStep(currentTarget.value || undefined)}
          data={[
            { value: "", label: texts.rollback.keepNothing },
            ...names.map((name) => ({ value: name, label: texts.rollback.upTo(name) })),
          ]}
        />
      )}
      {data === undefined && error === null && <Waiting lines={3} />}
      <Trouble error={error} onRetry={() => void refetch()} />
      {data !== undefined && (
        <List
          items={data.slice(0, SHOWN).map((undo) => texts.rollback.undo(undo.type, undo.input, undo.step))}
          rest={data.length - SHOWN}
          none={texts.rollback.none}
        />
      )}
      <TextInput
        label={texts.rollback.reason}
        value={reason}
        maxLength={LONGEST_REASON}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
      />
      <p>{texts.rollback.loss}</p>
      <Choices safe={texts.rollback.safe} onSafe={() => answer(null)}>
        <Button
          color="red"
          disabled={!data?.length}
          onClick={() => answer({ to_step: toStep, reason: reason.trim() || undefined })}
        >
          {texts.rollback.action(data?.length ?? 0)}
        </Button>
      </Choices>
    </div>
  );
}

function Retry({ job, answer }: { job: Job; answer: (choice: RetryChoice | null) => void }) {
  const [choice, setChoice] = useState<RetryChoice>("failure");
  const { data, error, refetch } = useQuery({
    queryKey: ["doings", job.id],
    queryFn: () => readDoings(job),
    staleTime: 0,
    retry: false,
  });
  const plan = data === undefined ? null : planOf(data, choice);
  return (
    <div className={css.body}>
      {data === undefined && error === null && <Waiting lines={6} />}
      <Trouble error={error} what={texts.retry.failed} onRetry={() => void refetch()} />
      {data !== undefined && (
        <Radio.Group label={texts.retry.from} value={choice} onChange={(value) => setChoice(value as RetryChoice)}>
          {choicesOf(data).map((one) => (
            <Radio
              key={one}
              className={css.choice}
              value={one}
              label={texts.retry.choices[one].label}
              description={
                one === "items" ? texts.retry.choices.items.text(failedItems(data)) : texts.retry.choices[one].text
              }
            />
          ))}
        </Radio.Group>
      )}
      {plan !== null && (
        <>
          <Part title={texts.retry.kept} items={plan.kept} none={texts.retry.nothing} />
          <Part title={texts.retry.repeated} items={plan.repeated} none={texts.retry.nothing} />
          <Part title={texts.retry.done} items={plan.done} none={texts.retry.noEffect} />
        </>
      )}
      <Choices safe={texts.retry.safe} onSafe={() => answer(null)}>
        <Button disabled={plan === null} onClick={() => answer(choice)}>
          {texts.retry.action[choice]}
        </Button>
      </Choices>
    </div>
  );
}

function Part({ title, items, none }: { title: string; items: readonly string[]; none: string }) {
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <List items={items.slice(0, SHOWN)} rest={items.length - SHOWN} none={none} />
    </section>
  );
}

function List({ items, rest, none }: { items: readonly string[]; rest: number; none: string }) {
  if (items.length === 0) return <div className={css.none}>{none}</div>;
  return (
    <ul className={css.list} tabIndex={items.length > 5 ? 0 : undefined}>
      {items.map((item, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two undos may read the same, and the list does not change
        <li key={`${n} ${item}`}>{item}</li>
      ))}
      {rest > 0 && <li className={css.none}>{texts.rollback.more(rest)}</li>}
    </ul>
  );
}
