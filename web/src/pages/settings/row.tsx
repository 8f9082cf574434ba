/** One line of the settings: what it is, what it does, and its control. */

import { SegmentedControl } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useId } from "react";
import { type SectionName, useShown } from "./sections";
import css from "./settings.module.css";

interface SectionProps {
  /** By which its address names it: /settings/retention. */
  name: SectionName;
  title: string;
  intro?: string;
  children: ReactNode;
}

export function Section({ name, title, intro, children }: SectionProps) {
  const id = useId();
  return (
    <section className={css.section} aria-labelledby={id}>
      <h2 id={id} className={css.heading} tabIndex={-1} ref={useShown(name)}>
        <Link to="/settings/$section" params={{ section: name }} resetScroll={false}>
          {title}
        </Link>
      </h2>
      {intro !== undefined && <p className={css.intro}>{intro}</p>}
      <div className={css.rows}>{children}</div>
    </section>
  );
}

export interface RowProps {
  label: string;
  text?: string;
  /** The id of the control that the label is for. */
  control?: string;
  children: ReactNode;
}

export function Row({ label, text, control, children }: RowProps) {
  return (
    <div className={css.row}>
      <div className={css.words}>
        {control === undefined ? (
          <div className={css.label}>{label}</div>
        ) : (
          <label className={css.label} htmlFor={control}>
            {label}
          </label>
        )}
        {text !== undefined && <div className={css.text}>{text}</div>}
      </div>
      {children}
    </div>
  );
}

export interface ChoiceProps<T extends string> {
  label: string;
  text: string;
  value: T;
  choices: readonly { value: T; label: string }[];
  onChange: (value: T) => void;
}

export function Choice<T extends string>({ label, text, value, choices, onChange }: ChoiceProps<T>) {
  return (
    <Row label={label} text={text}>
      <SegmentedControl
        size="xs"
        aria-label={label}
        transitionDuration={0}
        classNames={{ control: css.holder ?? "", input: css.cover ?? "" }}
        value={value}
        data={choices.map((choice) => ({ ...choice }))}
        onChange={(chosen) => onChange(chosen as T)}
      />
    </Row>
  );
}
