/** Every text of <job-progress>. A page may put others in their place: `element.texts = { pause: "Anhalten" }`. */

import { states } from "../words.js";

export const texts = {
  job: "Job",
  empty: "There is no job here.",
  loading: "Loading…",
  offline: "Live updates lost {ago}, trying again. As of {at}.",
  denied: "Not allowed to see this job: {why}",
  refused: "{why}",
  gone: "This job is not there.",
  left: "{time} left",
  ends: "done at {at}",
  percent: "{percent} %",
  noSignal: "time left unknown",
  stalled: "no progress for {time}",
  pause: "Pause",
  resume: "Resume",
  cancel: "Cancel",
  retry: "Retry",
  sure: "Cancel this job?",
  cancelNow: "Cancel job",
  keep: "Keep it running",
  pauseAsked: "Pausing…",
  resumeAsked: "Resuming…",
  cancelAsked: "Cancelling…",
  retryAsked: "Retrying…",
  notLive: "Not possible while live updates are lost.",
  reached: "{job}: {percent} percent",
  became: "{job}: {state}",
  stands: "{job}: {stalled}",
  ...states,
};

export type Texts = typeof texts;
export type TextName = keyof Texts;

/** A text with its places filled. */
export function filled(text: string, places: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(places[name] ?? whole));
}
