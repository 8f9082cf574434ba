/** What went wrong and what to do about it, above everything that can be looked up. */

import type { components, Job, Verb } from "@headway/client";
import { useClient } from "@headway/client/react";
import { Button, SegmentedControl } from "@mantine/core";
import { IconPlugConnectedX, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useId, useState } from "react";
import { perform, performOn, restartOtherwise } from "../../data/actions";
import { useAsked } from "../../data/asked";
import { useLost } from "../../data/signal";
import { Copy } from "../../parts/copy";
import { Moment } from "../../parts/moment";
import { failure as text } from "../../text/job/failure";
import { verbs } from "../../text/parts";
import { restart } from "../../text/restart";
import { useReaddress } from "./address";
import css from "./failure.module.css";
import { useJob } from "./followed";
import { cleaned } from "./trace";

type Known = components["schemas"]["Failure"];
type Step = Known["next"][number] & { verb: Verb };
type Fault = NonNullable<Job["error"]>;

const STOPPED = new Set(["failed", "rollback_failed", "interrupted"]);

const RESUME: readonly Verb[] = ["resume"];
const RETRY: readonly Verb[] = ["retry"];
const NONE: readonly Verb[] = [];

/** What the box leads with, or advises against, need not stand in the head once more. */
export function useLed(): readonly Verb[] {
  const job = useJob();
  const { data: known = null } = useKnown(job, job.state === "interrupted" || job.state === "failed");
  if (job.state === "failed") return known?.next[0]?.other_input ? RETRY : NONE;
  const shown = job.state === "interrupted" && errorOf(job, known) !== null;
  return shown && job.moves.includes("resume") ? RESUME : NONE;
}

/** Of a failed rollback its own: the error of the job that it was to undo is another matter. */
function errorOf(job: Job, known: Known | null): Fault | null {
  return (job.state === "rollback_failed" ? null : job.error) ?? known?.error ?? null;
}

export function FailureBox() {
  const job = useJob();
  return STOPPED.has(job.state) ? <Box job={job} /> : null;
}

function Box({ job }: { job: Job }) {
  const heading = useId();
  const { data: known = null, isError } = useKnown(job);
  const error = errorOf(job, known);
  if (error === null) return null;
  const Icon = job.state === "interrupted" ? IconPlugConnectedX : IconX;
  return (
    <section className={css.box} aria-labelledby={heading} data-part="failure" data-state={job.state}>
      <h2 id={heading} className={css.title}>
        <Icon size={16} stroke={2.4} aria-hidden />
        {text.titles[job.state]}
        <Where known={known} />
        <ByJob number={known?.rollback ?? null} />
      </h2>
      <p className={css.message}>{error.message}</p>
      {known !== null && <Why known={known} />}
      {isError && <p className={css.quiet}>{text.unavailable}</p>}
      <NextSteps job={job} known={known} />
      <Trace error={error} known={known} />
    </section>
  );
}

function useKnown(job: Job, enabled = true) {
  const client = useClient();
  return useQuery({
    queryKey: ["job", job.id, "failure", job.attempt, job.state_since],
    enabled,
    queryFn: async () =>
      (await client.rest.GET("/api/v1/jobs/{any_id}/failure", { params: { path: { any_id: job.id } } })).data ?? null,
  });
}

function Where({ known }: { known: Known | null }) {
  const readdress = useReaddress();
  const step = known?.step ?? null;
  if (step === null) return null;
  return (
    <span className={css.where}>
      {text.inStep}{" "}
      <button type="button" className={css.step} onClick={() => readdress({ tab: undefined, step })}>
        {step}
      </button>
    </span>
  );
}

/** The job that was to roll it back. */
function ByJob({ number }: { number: number | null }) {
  if (number === null) return null;
  return (
    <span className={css.where}>
      {text.byJob}{" "}
      <Link to="/jobs/$id" params={{ id: String(number) }} className={css.step}>
        {text.job(number)}
      </Link>
    </span>
  );
}

function Why({ known }: { known: Known }) {
  return (
    <dl className={css.why}>
      <div>
        <dt>{text.cause}</dt>
        <dd>{known.cause}</dd>
      </div>
      <div>
        <dt>{text.likely}</dt>
        <dd>{known.likely}</dd>
      </div>
    </dl>
  );
}

/** The server names what helps, the best first; until it has, what the state permits. */
function NextSteps({ job, known }: { job: Job; known: Known | null }) {
  const lost = useLost();
  const asked = useAsked(job);
  const steps = known?.next ?? job.moves.map(bare);
  const named = steps.filter((step): step is Step => step.verb in verbs);
  const possible = job.state === "interrupted" ? led(job, named) : named;
  if (possible.length === 0) return null;
  return (
    <ul className={css.next} aria-label={text.next}>
      {possible.map((step, index) => (
        <li key={step.verb}>
          <Button
            size="xs"
            variant={index > 0 ? "default" : step.verb === "resume" ? "filled" : "outline"}
            disabled={lost || asked !== null}
            onClick={() => void take(job, step)}
          >
            {asked?.verb === step.verb ? verbs[step.verb].doing : labelOf(job, step)}
          </Button>
          {step.why && <span className={css.reason}>{step.why}</span>}
        </li>
      ))}
    </ul>
  );
}

function bare(verb: string): Known["next"][number] {
  return { verb, why: "", job: null, other_input: false };
}

function labelOf(job: Job, { verb, job: other, other_input }: Step): string {
  if (other !== null) return text.rollBackOther(other);
  if (other_input) return restart.label;
  return verb === "rollback" && job.state === "rollback_failed" ? text.rollBackAgain : verbs[verb].label;
}

function take(job: Job, { verb, job: other, other_input }: Step): Promise<Job | null> {
  if (other !== null) return performOn(other, verb);
  return other_input ? restartOtherwise(job) : perform(job, verb);
}

/** An interrupted job is there to go on; that it may be paused instead stands in the menu. */
function led(job: Job, steps: readonly Step[]): readonly Step[] {
  if (!job.moves.includes("resume")) return steps;
  const first = steps.find((step) => step.verb === "resume") ?? { ...bare("resume"), verb: "resume" };
  return [first, ...steps.filter((step) => step.verb !== "resume" && step.verb !== "pause")];
}

function Trace({ error, known }: { error: Fault; known: Known | null }) {
  const [open, setOpen] = useState(false);
  const [full, setFull] = useState("clean");
  const trace = error.trace ?? "";
  const clean = cleaned(trace);
  const shown = full === "full" ? trace.trimEnd() : clean.text;
  const id = useId();
  return (
    <>
      <div className={css.foot}>
        {known !== null && <Seen same={known.same} />}
        {trace !== "" && (
          <button
            type="button"
            className={css.toggle}
            aria-expanded={open}
            aria-controls={id}
            onClick={() => setOpen(!open)}
          >
            {open ? text.hideTrace : text.showTrace}
          </button>
        )}
      </div>
      {open && (
        <div id={id} className={css.trace}>
          <div className={css.tools}>
            <SegmentedControl
              size="xs"
              value={full}
              onChange={setFull}
              aria-label={text.trace}
              data={[
                { value: "clean", label: text.cleanTrace },
                { value: "full", label: text.fullTrace },
              ]}
            />
            {full === "clean" && clean.hidden > 0 && <span className={css.quiet}>{text.hidden(clean.hidden)}</span>}
            <Copy value={shown} what={text.theTrace} />
          </div>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: wide lines scroll sideways, also for people without a mouse */}
          <section tabIndex={0} aria-label={text.trace} className={css.lines}>
            <pre>{shown}</pre>
          </section>
        </div>
      )}
    </>
  );
}

function Seen({ same }: { same: Known["same"] }) {
  return (
    <span>
      {text.seen(same.count)}
      {same.count > 1 && (
        <>
          , {text.first} <Moment at={same.first_at} />, {text.last} <Moment at={same.last_at} />
        </>
      )}
    </span>
  );
}
