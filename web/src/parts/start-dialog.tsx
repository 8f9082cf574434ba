/** The input of the job that a session starts, as it was given the last time. */

import type { Job } from "@headway/client";
import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { client } from "../data/client";
import type { Startable } from "../data/of-session";
import { start as texts } from "../text/start";
import { ask, Choices } from "./confirm";
import { hasSecrets, type Input, InputField, readInput } from "./input-field";
import css from "./job-dialogs.module.css";
import { Trouble } from "./trouble";
import { Waiting } from "./waiting";

/** The job that was started; null where none was. */
export function askStart(session: Startable): Promise<Job | null> {
  return ask<Job>((answer) => ({
    title: texts.title(session.id),
    body: <Start session={session} answer={answer} />,
  }));
}

interface StartProps {
  session: Startable;
  answer: (job: Job | null) => void;
}

function Start({ session, answer }: StartProps) {
  const { id, job_type } = session;
  const { data, isLoading } = useQuery({
    queryKey: ["last of", id, job_type],
    queryFn: () => lastOf(session),
    staleTime: 0,
    gcTime: 0, // another start since then is the last one
    retry: false,
    enabled: job_type !== null,
  });
  return (
    <div className={css.body}>
      <p>{job_type === null ? texts.aboutTypeless : texts.about(job_type)}</p>
      {isLoading ? <Waiting lines={4} /> : <Form session={session} last={data ?? null} answer={answer} />}
    </div>
  );
}

function Form({ session, last, answer }: StartProps & { last: Job | null }) {
  const [text, setText] = useState(() => JSON.stringify(withoutSecrets(last?.input ?? {}), null, 2));
  const [type, setType] = useState(session.job_type ?? "");
  const [problem, setProblem] = useState<unknown>(null);
  const [isAsking, setAsking] = useState(false);
  const input = readInput(text);
  const isWhole = input !== null && type.trim() !== "";
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!isWhole) return;
    setAsking(true);
    try {
      answer(await started(session.id, session.job_type === null ? { input, job_type: type.trim() } : { input }));
    } catch (refused) {
      setProblem(refused);
      setAsking(false);
    }
  };
  const about = [last === null ? "" : texts.last(last.number), hasSecrets(text) ? texts.secrets : ""];
  return (
    <form onSubmit={submit}>
      {session.job_type === null && (
        <TextInput label={texts.type} value={type} onChange={(event) => setType(event.currentTarget.value)} required />
      )}
      <InputField text={text} about={about.filter(Boolean).join(" ")} onChange={setText} />
      <Trouble error={problem} />
      <Choices safe={texts.safe} onSafe={() => answer(null)}>
        <Button type="submit" disabled={!isWhole} loading={isAsking}>
          {texts.action}
        </Button>
      </Choices>
    </form>
  );
}

/** job_type: where the session has none. */
async function started(id: string, body: { input: Input; job_type?: string }): Promise<Job> {
  const path = { session_id: id };
  const { data } = await client.rest.POST("/api/v1/sessions/{session_id}/start", { params: { path }, body });
  return data;
}

/** The newest job of the type that the session starts; null where there was none, or it can not be told. */
async function lastOf({ id, job_type }: Startable): Promise<Job | null> {
  const query = { session: id, type: job_type ?? "", limit: 1 };
  const { data } = await client.rest.GET("/api/v1/jobs", { params: { query } });
  return data.jobs[0] ?? null;
}

/** An input with its masked secrets left empty: what hides them is no secret. */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, name === "$secret" ? "" : withoutSecrets(one)]),
  );
}
