/** Texts of what is asked of a whole session: that it starts, and what all its jobs are asked. */

import { isolated } from "./bidi";
import { plural } from "./words";

export const start = {
  title: (id: string) => `Start ${isolated(id)}`,
  about: (type: string) => `A new job of type ${type}, with the configuration as it is now.`,
  aboutTypeless: "A new job, with the configuration as it is now. The session keeps the type for its next start.",
  type: "Job type",
  last: (number: number) => `As job #${number} was given it, which was the last.`,
  secrets: "A secret has to be given again.",
  action: "Start",
  safe: "Not now",
  started: (number: number) => `Job #${number} has been submitted.`,
  open: "Open it",
} as const;

export const all = {
  pause: { title: (id: string) => `Pause all of ${isolated(id)}`, noun: "pause" },
  resume: { title: (id: string) => `Resume all of ${isolated(id)}`, noun: "resume" },
  cancel: { title: (id: string) => `Cancel all of ${isolated(id)}`, noun: "cancel" },
  asked: (n: number, what: string) => `${plural(n, "job")} asked to ${what}.`,
} as const;
