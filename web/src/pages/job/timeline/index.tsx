/** When was what: steps as a waterfall, and how the progress went. */

import { useMemo } from "react";
import { Empty } from "../../../parts/empty";
import { job as text } from "../../../text/job";
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
  const { state } = useJob();
  const { step: chosen } = useAddress();
  const stretches = useMemo(() => stretchesOf(events), [events]);
  const rows = useMemo(() => [jobRow(state, stretches), ...stepRows(steps, events)], [state, stretches, steps, events]);
  const step = steps.find((one) => one.name === chosen);
  return (
    <div className={css.timeline}>
      <section aria-label={text.timeline.title}>
        <Waterfall rows={rows} stretches={stretches} />
        {more && <p className={css.quiet}>{text.timeline.tooMany(events.length)}</p>}
        {step !== undefined && <StepDetails step={step} />}
        {steps.length === 0 && (
          <Empty
            kind="nothing yet"
            title={text.timeline.none}
            snippet={text.timeline.snippet}
            what={text.timeline.theSnippet}
          >
            {text.timeline.noneText}
          </Empty>
        )}
      </section>
      <Charts events={events} />
    </div>
  );
}
