/** The input of a job, to be put right before it is begun once more. */

import type { Job } from "@headway/client";
import { Button } from "@mantine/core";
import { useState } from "react";
import { restart as texts } from "../text/restart";
import { ask, Choices } from "./confirm";
import { hasSecrets, type Input, InputField, readInput } from "./input-field";
import css from "./job-dialogs.module.css";

/** All of the other input; null where none was given. */
export function askInput(job: Job): Promise<Input | null> {
  return ask<Input>((answer) => ({
    title: texts.title(job.number),
    body: <Other job={job} answer={answer} />,
  }));
}

function Other({ job, answer }: { job: Job; answer: (input: Input | null) => void }) {
  const [text, setText] = useState(() => JSON.stringify(job.input ?? {}, null, 2));
  const input = readInput(text);
  return (
    <div className={css.body}>
      <p>{texts.about}</p>
      <InputField text={text} about={hasSecrets(text) ? texts.secrets : ""} onChange={setText} />
      <Choices safe={texts.safe} onSafe={() => answer(null)}>
        <Button disabled={input === null} onClick={() => answer(input)}>
          {texts.action}
        </Button>
      </Choices>
    </div>
  );
}
