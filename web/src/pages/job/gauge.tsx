/** How far the job is. Drawn again with every report; nothing around it is. */

import type { Progress } from "@headway/client";
import { Bar } from "../../parts/bar";
import { Moment } from "../../parts/moment";
import { RateAndEta } from "../../parts/rate-eta";
import { page as text } from "../../text/job/page";
import { countedBy, lasting } from "../../text/phases";
import { theProgress, useJob, useView } from "./followed";
import css from "./gauge.module.css";

/** Nothing follows by itself: an empty bar would be taken for 0 %. */
const HALTED = new Set(["paused", "interrupted", "failed", "cancelled", "rolled_back", "rollback_failed"]);

export function Gauge() {
  const { state, name } = useJob();
  const known = useView(theProgress);
  const progress = known === null ? null : lasting(known, state);
  if (progress === null && state === "pending") return null;
  if (HALTED.has(state) && saysNothing(progress)) return <p className={css.nothing}>{text.noProgress}</p>;
  return (
    <div className={css.gauge}>
      <div className={css.row}>
        <Percent progress={progress} state={state} />
        <Bar progress={progress} state={state} size="lg" label={text.progressOf(name)} />
      </div>
      {progress !== null && <Figures progress={progress} state={state} />}
    </div>
  );
}

function saysNothing(progress: Progress | null): boolean {
  if (progress === null) return true;
  return progress.percent === null && countedBy(progress) === "" && !progress.message && !progress.note;
}

function Percent({ progress, state }: { progress: Progress | null; state: string }) {
  const percent = state === "completed" ? 100 : (progress?.percent ?? null);
  if (percent === null) return null;
  return (
    <span className={css.percent} aria-hidden>
      {Math.floor(percent)}
      <span className={css.sign}>%</span>
    </span>
  );
}

function Figures({ progress, state }: { progress: Progress; state: string }) {
  const done = countedBy(progress);
  return (
    <div className={css.figures}>
      {done && <span className={css.done}>{done}</span>}
      <RateAndEta progress={progress} state={state} />
      {progress.note && <span className={css.note}>{progress.note}</span>}
      {progress.message && <span className={css.message}>{progress.message}</span>}
      {state === "running" && progress.last_progress_at !== null && (
        <span className={css.last}>
          {text.facts.lastProgress} <Moment at={progress.last_progress_at} />
        </span>
      )}
    </div>
  );
}
