/** What a job was doing when: its history read as stretches of time. */

import type { Event } from "@headway/client";

export type Doing = "queued" | "working" | "paused" | "lost" | "undone";

/** Milliseconds since 1970. `to` is null while it lasts. */
export interface Stretch {
  doing: Doing;
  from: number;
  to: number | null;
  attempt: number;
  /** The move that ended it, such as back_off. */
  endedBy: string | null;
}

const DOING: Record<string, Doing> = {
  pending: "queued",
  running: "working",
  pausing: "working",
  cancelling: "working",
  paused: "paused",
  interrupted: "lost",
  rolling_back: "undone",
};

export function stretchesOf(events: readonly Event[]): Stretch[] {
  const found: Stretch[] = [];
  for (const event of events) {
    if (event.kind === "move") advance(found, event);
  }
  return found;
}

function advance(found: Stretch[], event: Event): void {
  const at = Date.parse(event.at);
  const doing = DOING[String(event.data.to)] ?? null;
  const last = found.at(-1);
  if (last?.to === null) {
    if (doing === last.doing && event.attempt === last.attempt) return;
    last.to = Math.max(at, last.from);
    last.endedBy = event.name;
  }
  if (doing !== null) found.push({ doing, from: at, to: null, attempt: event.attempt, endedBy: null });
}

/** One try at a step. `to` is null while it lasts. */
export interface Try {
  from: number;
  to: number | null;
  state: string;
  attempt: number;
}

/** The tries at each step, by its name. One that its attempt did not survive ends with the attempt, as cut off. */
export function triesOf(events: readonly Event[]): Map<string, Try[]> {
  const tries = new Map<string, Try[]>();
  const open = new Map<string, Try>();
  for (const event of events) {
    const at = Date.parse(event.at);
    if (event.kind === "step") note(tries, open, event, at);
    else if (event.kind === "move" && DOING[String(event.data.to)] !== "working") cutOff(open, at);
  }
  return tries;
}

function note(tries: Map<string, Try[]>, open: Map<string, Try>, event: Event, at: number): void {
  const state = String(event.data.state);
  const begun = open.get(event.name);
  if (state === "running") {
    if (begun) close(begun, at, "cut off");
    const tried: Try = { from: at, to: null, state, attempt: event.attempt };
    open.set(event.name, tried);
    const known = tries.get(event.name);
    if (known) known.push(tried);
    else tries.set(event.name, [tried]);
  } else if (begun && state !== "planned") {
    close(begun, at, state);
    open.delete(event.name);
  }
}

function cutOff(open: Map<string, Try>, at: number): void {
  for (const tried of open.values()) close(tried, at, "cut off");
  open.clear();
}

function close(tried: Try, at: number, state: string): void {
  tried.to = Math.max(at, tried.from);
  tried.state = state;
}

/** An attempt as a band behind the steps. */
export interface Band {
  attempt: number;
  from: number;
  to: number | null;
}

export function bandsOf(stretches: readonly Stretch[]): Band[] {
  const bands: Band[] = [];
  for (const { doing, attempt, from, to } of stretches) {
    if (doing !== "working") continue;
    const last = bands.at(-1);
    if (last?.attempt === attempt) last.to = to;
    else bands.push({ attempt, from, to });
  }
  return bands;
}
