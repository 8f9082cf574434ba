/** One job that waits: why it stopped, what is saved, what would be done again, and whether it can go on. */

import { Button } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import { perform, restartOtherwise } from "../../data/actions";
import { useAsked } from "../../data/asked";
import { useLost } from "../../data/signal";
import { Moment } from "../../parts/moment";
import { alwaysResume } from "../../parts/recovery-rules";
import { Status } from "../../parts/status";
import { verbs } from "../../text/parts";
import { recovery as texts } from "../../text/recovery";
import { restart } from "../../text/restart";
import { rules } from "../../text/rules";
import { INTERRUPTED, type Recoverable, reread } from "./reads";
import css from "./recovery.module.css";

const SHAPES = { yes: IconCircleCheck, "with care": IconAlertTriangle, no: IconCircleX };

export interface EntryProps {
  entry: Recoverable;
  ticked: boolean;
  /** Why it could not be sent on, when that was asked. */
  refused: string | undefined;
  onTick: (id: string) => void;
}

export const Entry = memo(function Entry({ entry, ticked, refused, onTick }: EntryProps) {
  const { job } = entry;
  const asked = useAsked(job);
  const lost = useLost();
  return (
    <li className={css.entry} data-entry={job.id} data-ticked={ticked || undefined}>
      <input
        type="checkbox"
        className={css.tick}
        checked={ticked}
        aria-label={texts.tick(job.name)}
        onChange={() => onTick(job.id)}
      />
      <div className={css.main}>
        <div className={css.top}>
          <Link to="/jobs/$id" params={{ id: String(job.number) }} className={css.name}>
            {job.name}
          </Link>
          <span className={css.number}>#{job.number}</span>
          <Status state={job.state} {...(asked === null ? {} : { label: verbs[asked.verb].doing })} />
          <Verdict resumable={entry.resumable} />
        </div>
        {entry.changed.length > 0 && <Changed entry={entry} />}
        <Facts entry={entry} />
        <Own entry={entry} off={lost || asked !== null} />
        {INTERRUPTED.includes(entry.cause) && !job.outside && (
          <Button
            size="compact-xs"
            variant="subtle"
            className={css.always}
            disabled={lost}
            title={lost ? texts.offline : undefined}
            onClick={() => void alwaysResume(job.type)}
          >
            {rules.always}
          </Button>
        )}
        {refused !== undefined && (
          <p className={css.refused} role="alert">
            {texts.failedToGoOn(refused)}
          </p>
        )}
      </div>
    </li>
  );
});

/** What can be done with this one alone, since something is to be seen or given first. */
function Own({ entry: { job, verb, other_input }, off }: { entry: Recoverable; off: boolean }) {
  if (verb !== "rollback" && !other_input) return null;
  const ask = () => (verb === "rollback" ? perform(job, verb) : restartOtherwise(job));
  return (
    <Button
      size="compact-xs"
      variant="default"
      className={css.own}
      disabled={off}
      onClick={() => void ask().then(reread)}
    >
      {verb === "rollback" ? texts.rollBackAgain : restart.label}
    </Button>
  );
}

function Verdict({ resumable }: Pick<Recoverable, "resumable">) {
  const Icon = SHAPES[resumable];
  return (
    <span className={css.verdict} data-resumable={resumable}>
      <Icon size={14} stroke={2.2} aria-hidden />
      {texts.resumable[resumable]}
    </span>
  );
}

function Changed({ entry }: { entry: Recoverable }) {
  return (
    <p className={css.changed}>
      <IconAlertTriangle size={14} stroke={2.2} aria-hidden /> {texts.changed(entry.changed)}{" "}
      <Link to="/jobs/$id" params={{ id: String(entry.job.number) }} search={{ tab: "config" }} className={css.more}>
        {texts.showChanges}
      </Link>
    </p>
  );
}

function Facts({ entry }: { entry: Recoverable }) {
  const undos = entry.side_effects.filter(({ kind }) => kind === "undo");
  const left = entry.side_effects.filter(({ kind }) => kind !== "undo");
  const effects = left.map(({ kind, name, count }) => texts.effect[kind]?.(name, count) ?? name);
  return (
    <dl className={css.facts}>
      <dt>{texts.stopped}</dt>
      <dd>
        <Moment at={entry.lost_at} />, {entry.cause_text}
      </dd>
      {entry.verb !== "rollback" && (
        <>
          <dt>{texts.checkpoint}</dt>
          <dd>{entry.checkpoint_at === null ? texts.noCheckpoint : <Moment at={entry.checkpoint_at} />}</dd>
        </>
      )}
      <dt>{texts.repeats}</dt>
      <dd>{entry.repeats}</dd>
      {undos.length > 0 && (
        <>
          <dt>{texts.takeBack}</dt>
          <dd>
            {texts.takenBack(
              undos.reduce((sum, { count }) => sum + count, 0),
              [...new Set(undos.flatMap(({ steps }) => steps))],
              undos.map(({ name }) => name),
            )}
          </dd>
        </>
      )}
      {(effects.length > 0 || undos.length === 0) && (
        <>
          <dt>{texts.effects}</dt>
          <dd>{effects.length === 0 ? texts.noEffects : effects.join(", ")}</dd>
        </>
      )}
      {entry.resumable !== "yes" && (
        <>
          <dt>{texts.why}</dt>
          <dd>{entry.why}</dd>
        </>
      )}
    </dl>
  );
}
