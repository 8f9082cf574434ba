/** What the palette offers for what was typed: actions, pages, jobs. */

import type { Job, Session } from "@headway/client";
import { askAll, startSession } from "../data/of-session";
import type { Found, Hit } from "../data/search";
import { commands as texts } from "../text/commands";
import { all, start } from "../text/start";
import { type Command, isPossible, keysOf } from "./registry";

export interface Choice {
  id: string;
  section: string;
  title: string;
  more?: string;
  state?: string;
  keys?: string;
  /** A command to give, or a place to go to. */
  command?: Command;
  to?: Place;
}

export type Place =
  | { to: "/jobs/$id"; params: { id: string } }
  | { to: "/sessions/$id"; params: { id: string } }
  | { to: "/jobs"; search: { q: string } }
  | { to: "/health"; search: { part: string } };

/** Commands whose words hold all that was typed, in any order. */
export function fitting(commands: readonly Command[], text: string): Choice[] {
  const ofPage = (command: Command) => Number((command.group ?? texts.groups.page) !== texts.groups.page);
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const seen = new Set<string>();
  return commands
    .toSorted((one, other) => ofPage(one) - ofPage(other))
    .filter(
      (command) => command.palette !== false && isPossible(command) && !seen.has(command.id) && seen.add(command.id),
    )
    .filter((command) => words.every((word) => `${command.title} ${command.group ?? ""}`.toLowerCase().includes(word)))
    .map((command) => {
      const keys = keysOf(command)[0];
      const section = command.group === texts.groups.go ? texts.sections.pages : texts.sections.actions;
      return { id: command.id, section, title: command.title, command, ...(keys === undefined ? {} : { keys }) };
    });
}

/** Of so many sessions that fit, their verbs are offered. */
const MOST_OF_SESSIONS = 8;

/** What can be asked of sessions that one is not on the page of, by their names. */
export function ofSessions(sessions: readonly Session[], text: string): Choice[] {
  const commands = sessions.flatMap((session): Command[] => [
    {
      id: `start ${session.id}`,
      title: start.title(session.id),
      when: session.job_type !== null,
      run: () => void startSession(session),
    },
    {
      id: `pause all of ${session.id}`,
      title: all.pause.title(session.id),
      when: session.open_jobs > 0,
      run: () => void askAll(session.id, "pause"),
    },
  ]);
  return fitting(commands, text).slice(0, MOST_OF_SESSIONS);
}

export function ofJobs(jobs: readonly Job[]): Choice[] {
  return jobs.map((job) => ({
    id: `job ${job.id}`,
    section: texts.sections.recent,
    title: job.name,
    more: `#${job.number} · ${job.type}`,
    state: job.state,
    to: toJob(job.id),
  }));
}

export function ofFound({ hits, near }: Found): Choice[] {
  return [
    ...hits.map((hit) => ofHit(hit, texts.sections.found)),
    ...near.map((hit) => ofHit(hit, texts.sections.near)),
  ];
}

function ofHit(hit: Hit, section: string): Choice {
  const kind = texts.kinds[hit.kind] ?? hit.kind;
  return {
    id: `${section} ${hit.kind} ${hit.id} ${hit.job_id}`,
    section,
    title: hit.title || hit.id,
    more: [kind, hit.why].filter(Boolean).join(" · "),
    ...(hit.state === null ? {} : { state: hit.state }),
    to: placeOf(hit),
  };
}

/** Where a hit leads: to its job, else its session, else to the workers. */
export function placeOf(hit: Pick<Hit, "kind" | "id" | "job_id" | "session" | "worker">): Place {
  if (hit.job_id !== null) return toJob(hit.job_id);
  if (hit.session !== null) return { to: "/sessions/$id", params: { id: hit.session } };
  if (hit.worker !== null) return { to: "/health", search: { part: "workers" } };
  return { to: "/jobs", search: { q: hit.id } };
}

function toJob(id: string): Place {
  return { to: "/jobs/$id", params: { id } };
}
