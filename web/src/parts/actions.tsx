/** What can be done with a job: the server says what its state permits, in `moves`. */

import type { Job, Verb } from "@headway/client";
import { ActionIcon, Button, Menu } from "@mantine/core";
import {
  IconArrowBackUp,
  IconDots,
  IconLink,
  IconPin,
  IconPinnedOff,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerStop,
  IconRefresh,
  IconRepeat,
  IconTrash,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import { useCommand } from "../commands";
import { act, perform, restartOtherwise } from "../data/actions";
import { useAsked } from "../data/asked";
import { useLost } from "../data/signal";
import { dialogs as texts } from "../text/dialogs";
import { verbs } from "../text/parts";
import { restart } from "../text/restart";
import css from "./actions.module.css";
import { copyText } from "./clipboard";
import { notify } from "./notices";
import { Stuck } from "./stuck";

export interface JobActionsProps {
  job: Job;
  /** What the client's own store of the job says is asked; without it the pages' own memory counts. */
  asked?: { verb: Verb; at: number } | null;
  size?: "sm" | "xs";
  /** Only what the job's state permits, without the menu of what is always possible. */
  brief?: boolean;
  /** Offers all of it in the palette too: on the page of this job. */
  inPalette?: boolean;
  /** What has its button elsewhere in sight. */
  without?: readonly Verb[];
  /** So many items of it have failed: they can be tried again by themselves when it is over. */
  failedItems?: number;
}

type Icon = ComponentType<{ size?: number; stroke?: number; "aria-hidden"?: boolean }>;

const ICONS: Record<Verb, Icon> = {
  pause: IconPlayerPause,
  resume: IconPlayerPlay,
  cancel: IconPlayerStop,
  retry: IconRefresh,
  restart: IconRepeat,
  rollback: IconArrowBackUp,
  pin: IconPin,
  unpin: IconPinnedOff,
  delete: IconTrash,
};

/** Always in the same places: what brings it on, what holds it, what ends it. */
const ORDER: readonly Verb[] = ["resume", "retry", "pause", "rollback", "cancel"];
/** What brings a halted job on is what people come for. */
const FIRST = new Set<Verb>(["resume", "retry"]);

export function JobActions(props: JobActionsProps) {
  const { job, asked, size = "xs", brief = false, inPalette = false, without, failedItems = 0 } = props;
  const own = useAsked(job);
  const pending = asked ?? own;
  const lost = useLost();
  const why = lost ? texts.offline : pending === null ? undefined : texts.busy(verbs[pending.verb].doing);
  const possible = ORDER.filter((verb) => job.moves.includes(verb));
  const aside = brief ? [] : asideOf(job);
  const shown = possible.filter((verb) => !aside.includes(verb) && !without?.includes(verb));
  const doing = pending !== null && !possible.includes(pending.verb) ? [pending.verb] : [];
  return (
    <div className={css.actions}>
      <div className={css.buttons}>
        {[...shown, ...doing].map((verb) => (
          <Act key={verb} job={job} verb={verb} size={size} asked={pending?.verb === verb} why={why} />
        ))}
        {inPalette &&
          [...possible, ...alwaysPossible(job)].map((verb) => (
            <Offered key={verb} job={job} verb={verb} possible={why === undefined} />
          ))}
        {!brief && <More job={job} size={size} why={why} failedItems={failedItems} />}
      </div>
      {job.state === "pausing" && !brief && (
        <Stuck
          since={job.state_since}
          disabled={lost || pending !== null}
          onCancel={() => void act(job, { verb: "cancel" })}
          onResume={() => void act(job, { verb: "resume" })}
        />
      )}
    </div>
  );
}

interface ActProps {
  job: Job;
  verb: Verb;
  size: "sm" | "xs";
  asked: boolean;
  /** Why it can not be asked now. */
  why: string | undefined;
}

function Act({ job, verb, size, asked, why }: ActProps) {
  const Icon = ICONS[verb];
  const off = why !== undefined;
  return (
    <Button
      size={size}
      variant={FIRST.has(verb) && !off ? "filled" : "default"}
      leftSection={<Icon size={14} stroke={2} aria-hidden />}
      data-verb={verb}
      {...(off ? { "data-disabled": true, "aria-disabled": true, title: why } : {})}
      onClick={() => !off && void perform(job, verb)}
    >
      {asked ? verbs[verb].doing : verbs[verb].label}
    </Button>
  );
}

function Offered({ job, verb, possible }: { job: Job; verb: Verb; possible: boolean }) {
  const title = texts.offered(verbs[verb].label, job.number);
  useCommand({ id: `job.${verb}.offered`, title, when: possible, run: () => void perform(job, verb) });
  return null;
}

interface MoreProps {
  job: Job;
  size: "sm" | "xs";
  why: string | undefined;
  failedItems: number;
}

function More({ job, size, why, failedItems }: MoreProps) {
  return (
    <Menu position="bottom-end" withinPortal transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <ActionIcon variant="default" size={size === "sm" ? 36 : 30} aria-label={texts.more} title={texts.more}>
          <IconDots size={16} stroke={2} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconLink size={14} aria-hidden />} onClick={() => void copyLink()}>
          {texts.copyLink}
        </Menu.Item>
        {failedItems > 0 && retriesItems(job) && (
          <Menu.Item
            leftSection={<IconRefresh size={14} aria-hidden />}
            disabled={why !== undefined}
            onClick={() => void perform(job, "retry", { items: "failed" })}
          >
            {texts.retryItems(failedItems)}
          </Menu.Item>
        )}
        {[...asideOf(job), ...alwaysPossible(job)].map((verb) => {
          const Icon = ICONS[verb];
          return (
            <Menu.Item
              key={verb}
              leftSection={<Icon size={14} aria-hidden />}
              disabled={why !== undefined}
              onClick={() => void perform(job, verb)}
            >
              {verbs[verb].label}
            </Menu.Item>
          );
        })}
        {alwaysPossible(job).includes("restart") && (
          <Menu.Item
            leftSection={<IconRepeat size={14} aria-hidden />}
            disabled={why !== undefined}
            onClick={() => void restartOtherwise(job)}
          >
            {restart.label}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Where a job can go on, to hold it is in the menu: few come for that. */
export function asideOf({ moves }: Pick<Job, "moves">): Verb[] {
  return moves.includes("resume") && moves.includes("pause") ? ["pause"] : [];
}

/** Whether items that failed can be tried again by themselves: of a completed job too, which permits no other retry. */
export function retriesItems({ state }: Pick<Job, "state">): boolean {
  return state === "failed" || state === "completed";
}

/** Verbs that are no moves: the state of the job is not changed by them. */
export function alwaysPossible(job: Pick<Job, "pinned" | "outside" | "rollback_of" | "ended_at">): Verb[] {
  const again: Verb[] = job.outside || job.rollback_of !== null ? [] : ["restart"];
  return [...again, job.pinned ? "unpin" : "pin", ...(job.ended_at === null ? [] : (["delete"] as const))];
}

async function copyLink(): Promise<void> {
  if (await copyText(location.href)) notify({ text: texts.linkCopied });
}
