/** Whether there are workers, whether something waits, and what is not well, with its remedy. */

import { IconAlertTriangle, IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useCounts } from "../../data/counts";
import { useLost } from "../../data/signal";
import { AsOf } from "../../parts/as-of";
import { Moment } from "../../parts/moment";
import { Trouble } from "../../parts/trouble";
import { Waiting } from "../../parts/waiting";
import { home as texts } from "../../text/home";
import { pages } from "../../text/pages";
import css from "./home.module.css";
import { useHealth, useWorkers } from "./reads";

const SHAPES = { ok: IconCircleCheck, warning: IconAlertTriangle, failing: IconCircleX };

export function HealthPanel() {
  const lost = useLost();
  const { dataUpdatedAt: at } = useHealth();
  return (
    <section className={css.panel} data-lost={lost || undefined} aria-labelledby="health">
      <div className={css.panelHead}>
        <h2 id="health">{texts.health}</h2>
        <AsOf at={at} />
        <Link to="/health" className={css.link}>
          {pages.health}
        </Link>
      </div>
      <Load />
      <Checks />
    </section>
  );
}

function Load() {
  const workers = useWorkers();
  const counts = useCounts();
  if (workers.error !== null) return <Trouble error={workers.error} onRetry={() => void workers.refetch()} />;
  if (workers.data === undefined) return <Waiting lines={2} />;
  const live = workers.data.filter((worker) => worker.stopped_at === null);
  const slots = live.reduce((sum, worker) => sum + worker.slots, 0);
  const busy = counts?.running ?? 0;
  const newest = live[0];
  return (
    <div className={css.load}>
      <div className={css.loadLine}>
        <span>{texts.workers(live.length, slots)}</span>
        {newest !== undefined && (
          <span className={css.quiet}>
            {texts.lastSeen} <Moment at={newest.seen_at} />
          </span>
        )}
      </div>
      {slots > 0 && (
        <>
          <meter
            className={css.meter}
            min={0}
            max={slots}
            value={Math.min(busy, slots)}
            aria-label={texts.busy(busy, slots)}
          />
          <div className={css.loadLine}>
            <span className={css.quiet}>{texts.busy(Math.min(busy, slots), slots)}</span>
            <span className={css.quiet}>{texts.queue(counts?.pending ?? 0)}</span>
          </div>
        </>
      )}
    </div>
  );
}

function Checks() {
  const lost = useLost();
  const { data, error, refetch } = useHealth();
  if (error !== null) return <Trouble error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return null;
  const unwell = data.checks.filter((check) => check.status !== "ok");
  if (unwell.length === 0) {
    return (
      <p className={css.check} data-status="ok">
        <IconCircleCheck size={16} stroke={2} aria-hidden /> {lost ? texts.wasWell : texts.allWell}
      </p>
    );
  }
  return (
    <ul className={css.checks}>
      {unwell.map((check) => {
        const Icon = SHAPES[check.status];
        return (
          <li key={check.name} className={css.check} data-status={check.status}>
            <Icon size={16} stroke={2} aria-hidden />
            <span>
              <strong>{check.name}</strong>: {check.found}.
              {check.remedy !== null && <span className={css.remedy}> {check.remedy}</span>}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
