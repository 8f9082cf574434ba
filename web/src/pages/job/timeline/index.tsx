/** When was what: steps as a waterfall, and how the progress went. */

import { useMemo } from "react";
import { Snippet } from "../../../parts/copy";
import { page } from "../../../text/job/page";
import { timeline as text } from "../../../text/job/timeline";
import { useAddress } from "../address";
import { useJob } from "../followed";
import { useHistory } from "../history";
import { Read } from "../read";
import { type Step, useSteps } from "../reads";
import { Charts } from "./charts";
import { StepDetails } from "./details";
import { jobRow, stepRows } from "./rows";
import { stretchesOf } from "./stretches";
import css from "./timeline.module.css";
import { Waterfall } from "./waterfall";

export default function Timeline() {
  const steps = useSteps();
  const history = useHistory();
  return (
    <Read query={steps} lines={6}>
      {(known) => (
        <Read query={history.query} lines={6}>
          {() => <Drawn steps={known} events={history.events} more={history.more} />}
        </Read>
      )}
    </Read>
  );
}

type Events = ReturnType<typeof useHistory>["events"];

function Drawn({ steps, events, more }: { steps: readonly Step[]; events: Events; more: boolean }) {
  const { state, active_s } = useJob();
  const { step: chosen } = useAddress();
  const stretches = useMemo(() => stretchesOf(events), [events]);
  const rows = useMemo(
    () => [jobRow({ state, active_s }, stretches), ...stepRows(steps, events)],
    [state, active_s, stretches, steps, events],
  );
  const step = steps.find((one) => one.name === chosen);
  const charts = <Charts key="charts" events={events} />;
  const waterfall = (
    <section key="waterfall" aria-label={text.title}>
      <Waterfall rows={rows} stretches={stretches} />
      {more && <p className={css.quiet}>{text.tooMany(events.length)}</p>}
      {step !== undefined && <StepDetails step={step} />}
    </section>
  );
  return (
    <div className={css.timeline}>
      {steps.length > 0 ? [waterfall, charts] : [charts, waterfall, <NoSteps key="none" />]}
    </div>
  );
}

/** Quietly: a job without steps is none that lacks something. */
function NoSteps() {
  return (
    <div className={css.none}>
      <p>
        {text.none} {text.noneText}
      </p>
      <Snippet code={text.snippet} what={page.theSnippet} />
    </div>
  );
}
