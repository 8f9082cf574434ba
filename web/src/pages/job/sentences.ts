/** An event as a sentence, with who asked for it and why. */

import type { Event } from "@headway/client";
import { happened } from "../../text/job/events";
import { states } from "../../text/states";

export interface Sentence {
  what: string;
  /** Who, and by which door. */
  who: string | null;
  why: string | null;
}

export function sentence(event: Event): Sentence {
  const { data } = event;
  return { what: whatOf(event), who: whoOf(data), why: textOf(data.reason) };
}

function whatOf({ kind, name, data }: Event): string {
  if (kind === "move") {
    const to = String(data.to ?? "");
    return happened.move(happened.moves[name] ?? name, states[to] ?? to, messageOf(data.error));
  }
  if (kind === "step") {
    const state = String(data.state ?? "");
    return happened.step(name, happened.steps[state] ?? state, messageOf(data.error));
  }
  if (kind === "control") return happened.control(name, textOf(data.asked), textOf(data.state));
  const text = textOf(data.text) ?? textOf(data.message);
  if (text !== null) return text;
  return Object.keys(data).length === 0 ? name : `${name} ${JSON.stringify(data)}`;
}

function whoOf(data: Record<string, unknown>): string | null {
  const who = textOf(data.who) ?? textOf(data.worker) ?? null;
  const via = textOf(data.via);
  if (who === null) return data.by === "sweep" ? happened.sweep : null;
  return via === null ? who : happened.via(who, via);
}

function messageOf(error: unknown): string | null {
  return typeof error === "object" && error !== null && "message" in error ? String(error.message) : null;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
