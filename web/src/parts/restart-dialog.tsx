/** The input of a job, to be put right before it is begun once more. */

import type { Job } from "@headway/client";
import { Button, JsonInput } from "@mantine/core";
import { useState } from "react";
import { restart as texts } from "../text/restart";
import { ask, Choices } from "./confirm";
import css from "./job-dialogs.module.css";

export type Input = Record<string, unknown>;

/** All of the other input; null where none was given. */
export function askInput(job: Job): Promise<Input | null> {
  return ask<Input>((answer) => ({
    title: texts.title(job.number),
    body: <Other job={job} answer={answer} />,
  }));
}

/** What was written, where it is an object as inputs are. */
export function readInput(text: string): Input | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Input) : null;
  } catch {
    return null; // no JSON yet: the field says what it expects
  }
}

function Other({ job, answer }: { job: Job; answer: (input: Input | null) => void }) {
  const [text, setText] = useState(() => JSON.stringify(job.input ?? {}, null, 2));
  const input = readInput(text);
  return (
    <div className={css.body}>
      <p>{texts.about}</p>
      <JsonInput
        label={texts.input}
        {...(text.includes('"$secret"') ? { description: texts.secrets } : {})}
        value={text}
        onChange={setText}
        error={input === null ? texts.wrong : null}
        autosize
        minRows={4}
        maxRows={14}
        spellCheck={false}
      />
      <Choices safe={texts.safe} onSafe={() => answer(null)}>
        <Button disabled={input === null} onClick={() => answer(input)}>
          {texts.action}
        </Button>
      </Choices>
    </div>
  );
}
