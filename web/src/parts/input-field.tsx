/** Where somebody writes the input of a job, as JSON. */

import { JsonInput } from "@mantine/core";
import { input as texts } from "../text/input";

export type Input = Record<string, unknown>;

/** What was written, where it is an object as inputs are. */
export function readInput(text: string): Input | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Input) : null;
  } catch {
    return null; // no JSON yet: the field says what it expects
  }
}

/** Whether a text that is shown has secrets in it. */
export function hasSecrets(text: string): boolean {
  return text.includes('"$secret"');
}

export function InputField({
  text,
  about,
  onChange,
}: {
  text: string;
  about: string;
  onChange: (text: string) => void;
}) {
  return (
    <JsonInput
      label={texts.label}
      {...(about ? { description: about } : {})}
      value={text}
      onChange={onChange}
      error={readInput(text) === null ? texts.wrong : null}
      autosize
      minRows={4}
      maxRows={14}
      spellCheck={false}
    />
  );
}
