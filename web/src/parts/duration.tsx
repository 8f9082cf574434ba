/** How long something took, or has taken until now. */

import { toMs } from "../text/times";
import * as words from "../text/words";
import { running } from "../text/words";
import { useWorded } from "./now";

export { words };

type At = string | number | Date;
export type DurationProps = { seconds: number | null | undefined } | { since: At; until?: At | null | undefined };

export function Duration(props: DurationProps) {
  if ("since" in props) return <Between since={props.since} until={props.until ?? null} />;
  return props.seconds === null || props.seconds === undefined ? null : <Figure text={words.duration(props.seconds)} />;
}

function Between({ since, until }: { since: At; until: At | null }) {
  const from = toMs(since) ?? 0;
  const to = until === null ? null : toMs(until);
  const text = useWorded((now) => (to === null ? running((now - from) / 1000) : words.duration((to - from) / 1000)));
  return <Figure text={text} />;
}

function Figure({ text }: { text: string }) {
  return <span className="hw-figures">{text}</span>;
}
