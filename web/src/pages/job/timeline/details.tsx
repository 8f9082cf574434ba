/** One step in full: when, how long, and what came of it. */

import { ActionIcon } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { type ReactNode, useId } from "react";
import { Duration } from "../../../parts/duration";
import { Moment } from "../../../parts/moment";
import { Status } from "../../../parts/status";
import { page } from "../../../text/job/page";
import { timeline as text } from "../../../text/job/timeline";
import { useReaddress } from "../address";
import { JsonTree } from "../json-tree";
import type { Step } from "../reads";
import { cleaned } from "../trace";
import { LOOKS } from "./step-row";
import css from "./timeline.module.css";

export function StepDetails({ step }: { step: Step }) {
  const readdress = useReaddress();
  const heading = useId();
  return (
    <section className={css.details} aria-labelledby={heading}>
      <div className={css.top}>
        <Status state={LOOKS[step.state] ?? step.state} label={text.states[step.state] ?? step.state} />
        <h3 id={heading} className={css.name}>
          {step.name}
        </h3>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={text.close}
          onClick={() => readdress({ step: undefined })}
        >
          <IconX size={16} aria-hidden />
        </ActionIcon>
      </div>
      <dl className={css.facts}>
        {step.started_at !== null && (
          <>
            <Fact label={text.begun}>
              <Moment at={step.started_at} as="date" />
            </Fact>
            <Fact label={text.duration}>
              <Duration since={step.started_at} until={step.ended_at} />
            </Fact>
          </>
        )}
        {step.attempt > 0 && <Fact label={page.facts.attempt}>{step.attempt}</Fact>}
        <Fact label={text.weight}>
          {step.weight}
          {step.optional && `, ${text.optional}`}
        </Fact>
      </dl>
      <Outcome step={step} />
    </section>
  );
}

function Outcome({ step }: { step: Step }) {
  if (step.error !== null) {
    return (
      <>
        <h4 className={css.sub}>{text.error}</h4>
        <pre className={css.error}>{step.error.trace ? cleaned(step.error.trace).text : step.error.message}</pre>
      </>
    );
  }
  if (step.state !== "completed") return null;
  if (step.result === null) return <p className={css.sub}>{text.noResult}</p>;
  return (
    <>
      <h4 className={css.sub}>{text.result}</h4>
      <JsonTree value={step.result} />
    </>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
