/** How many jobs are in each state. */

import { Link } from "@tanstack/react-router";
import { Status } from "../../parts/status";
import { health as texts } from "../../text/health";
import { exact } from "../../text/words";
import css from "./health.module.css";

const SHOWN = ["pending", "running", "pausing", "paused", "interrupted", "cancelling", "rolling_back", "failed"];
/** These are always told, also when there are none. */
const ALWAYS = new Set(["pending", "running"]);

export function Queue({ counts }: { counts: Record<string, number> }) {
  const states = SHOWN.filter((state) => ALWAYS.has(state) || (counts[state] ?? 0) > 0);
  return (
    <section className={css.section} aria-labelledby="queue">
      <h2 id="queue" className={css.heading}>
        {texts.queue}
      </h2>
      <dl className={css.figures}>
        {states.map((state) => (
          <div key={state} className={css.figure}>
            <dt>
              <Status state={state} />
            </dt>
            <dd>
              <Link to="/jobs" search={{ q: `state:${state}` }}>
                {exact(counts[state] ?? 0)}
              </Link>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
