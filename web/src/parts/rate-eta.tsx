/** Speed and time left, or the reason why there is none. While live updates are lost it says that instead. */

import type { Progress } from "@headway/client";
import { usePreferences } from "../data/preferences";
import { useLost } from "../data/signal";
import { etaWhyNot, parts } from "../text/parts";
import { day } from "../text/times";
import { rate, timeLeft } from "../text/words";
import { useWorded } from "./now";
import css from "./rate-eta.module.css";

type Eta = NonNullable<Progress["eta"]>;

export interface RateAndEtaProps {
  progress: Progress | null;
  state: string;
  /** Without the reason why there is no time left: for narrow places. */
  brief?: boolean;
}

/** States in which work goes on, so that a time left has a meaning. */
const MOVING = new Set(["running", "pausing", "rolling_back"]);

export function RateAndEta({ progress, state, brief = false }: RateAndEtaProps) {
  const lost = useLost();
  if (progress === null || !MOVING.has(state)) return null;
  const why = progress.eta_why_not;
  return (
    <span className={css.line}>
      {progress.rate !== null && <span>{rate(progress.rate, progress.unit)}</span>}
      {lost && <span title={parts.noSignalTitle}>{parts.noSignal}</span>}
      {!lost && progress.eta !== null && <Left eta={progress.eta} />}
      {!lost && progress.eta === null && why !== null && !brief && <span>{etaWhyNot[why] ?? why}</span>}
    </span>
  );
}

function Left({ eta }: { eta: Eta }) {
  const { zone } = usePreferences();
  const text = useWorded((now) => {
    const left = timeLeft(eta, now);
    return left === null ? parts.ends(day(eta.at * 1000, zone)) : parts.left(left);
  });
  return (
    <span>
      {text}
      {eta.updated && <span className={css.updated}> ({parts.updated})</span>}
    </span>
  );
}
