/** What a retry keeps, what it repeats, and what was done outside meanwhile. */

import type { Doings } from "../data/doings";
import { dialogs } from "../text/dialogs";

const texts = dialogs.retry;

export type RetryChoice = "failure" | "items" | "start";

export interface RetryPlan {
  kept: string[];
  repeated: string[];
  /** Side effects that are there already, whichever way is chosen. */
  done: string[];
}

/** The ways in which this job can be tried again, the mildest first. */
export function choicesOf(doings: Doings): RetryChoice[] {
  return failedItems(doings) > 0 ? ["failure", "items", "start"] : ["failure", "start"];
}

export function failedItems({ ledgers }: Doings): number {
  return ledgers.reduce((sum, ledger) => sum + ledger.failed, 0);
}

export function planOf(doings: Doings, choice: RetryChoice): RetryPlan {
  const done = effectsOf(doings);
  if (choice === "start") return { kept: [], repeated: fromStart(doings), done };
  return { kept: keptOf(doings), repeated: repeatedOf(doings, choice), done };
}

function fromStart({ steps }: Doings): string[] {
  return steps.length > 0 ? [texts.allSteps(steps.length)] : [texts.whole];
}

function keptOf({ steps, ledgers, checkpoint }: Doings): string[] {
  return [
    ...steps.filter((step) => step.state === "completed").map((step) => texts.step(step.name)),
    ...loops(checkpoint.cursors).map(([name, cursor]) => texts.loop(name, cursor.done)),
    ...ledgers.filter((one) => one.done > 0).map((one) => texts.ledger(one.ledger, one.done, one.total)),
    ...(Object.keys(checkpoint.state).length > 0 ? [texts.state] : []),
  ];
}

function repeatedOf({ steps, ledgers, checkpoint }: Doings, choice: RetryChoice): string[] {
  const open = steps.filter((step) => step.state === "failed" || step.state === "running");
  const left = (one: Doings["ledgers"][number]) => one.failed + (choice === "items" ? 0 : one.pending);
  const again = [
    ...open.map((step) => texts.again(step.name)),
    ...loops(checkpoint.cursors).map(([name]) => texts.loopAgain(name)),
    ...ledgers.filter((one) => left(one) > 0).map((one) => texts.ledgerAgain(one.ledger, left(one))),
  ];
  return again.length > 0 || keptOf({ steps, ledgers, checkpoint, undos: [] }).length > 0 ? again : [texts.whole];
}

/** Undos tell of effects for certain; an ended step without one may have had some. */
function effectsOf({ steps, undos }: Doings): string[] {
  const undone = new Set(undos.map((undo) => undo.step));
  const bare = steps.filter((step) => step.state === "completed" && !undone.has(step.name));
  return [
    ...undos.map((undo) => texts.effect(undo.type, undo.step)),
    ...bare.map((step) => texts.effectStep(step.name)),
  ];
}

function loops(cursors: Doings["checkpoint"]["cursors"]): [string, { done: number }][] {
  return Object.entries(cursors).filter(([, cursor]) => cursor.done > 0);
}
