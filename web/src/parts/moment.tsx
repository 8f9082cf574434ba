/** A moment as people read it, "3 min ago"; the exact one on hover and focus; a click copies it as ISO 8601. */

import { Tooltip } from "@mantine/core";
import { useRef, useState } from "react";
import { usePreferences } from "../data/preferences";
import { parts } from "../text/parts";
import { absolute, clock, iso, toMs, type Zone } from "../text/times";
import { ago, ahead } from "../text/words";
import { copyText } from "./clipboard";
import css from "./moment.module.css";
import { notify } from "./notices";
import { useWorded } from "./now";

export { useNow } from "./now";

export interface MomentProps {
  /** RFC 3339 text, or a number of seconds or milliseconds since 1970. Nothing is shown for null. */
  at: string | number | Date | null | undefined;
  /** "ago" (the default), the time of the day, or the whole date. */
  as?: "ago" | "clock" | "date";
  /** It may lie ahead: "in 3 min". Else what seems to is a clock's difference, and "just now". */
  ahead?: boolean;
  /** Only text, for places inside a link or button. */
  plain?: boolean;
}

export function Moment({ at, as = "ago", ahead = false, plain = false }: MomentProps) {
  const ms = at === null || at === undefined ? null : toMs(at);
  if (ms === null) return null;
  const shown = { ms, as, ahead };
  return plain ? <Plain {...shown} /> : <Reachable {...shown} />;
}

interface Shown {
  ms: number;
  as: "ago" | "clock" | "date";
  ahead: boolean;
}

function Plain(shown: Shown) {
  const { ms } = shown;
  const { zone } = usePreferences();
  return (
    <time className={css.plain} dateTime={iso(ms)} title={absolute(ms, zone)}>
      <Words {...shown} zone={zone} />
    </time>
  );
}

function Reachable(shown: Shown) {
  const { ms } = shown;
  const { zone } = usePreferences();
  const [near, setNear] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const copy = async () =>
    notify(
      (await copyText(iso(ms))) ? { text: `${parts.copied}: ${iso(ms)}` } : { tone: "bad", text: parts.copyFailed },
    );
  return (
    <>
      <button
        ref={button}
        type="button"
        className={css.moment}
        onMouseEnter={() => setNear(true)}
        onMouseLeave={() => setNear(false)}
        onFocus={() => setNear(true)}
        onBlur={() => setNear(false)}
        onClick={copy}
      >
        <time dateTime={iso(ms)}>
          <Words {...shown} zone={zone} />
        </time>
      </button>
      {near && <Tooltip target={button} opened label={<Exactly ms={ms} zone={zone} />} />}
    </>
  );
}

function Exactly({ ms, zone }: { ms: number; zone: Zone }) {
  const other = zone === "UTC" ? "local" : "UTC";
  return (
    <span className={css.tip}>
      <span>{absolute(ms, zone)}</span>
      <span>{absolute(ms, other)}</span>
    </span>
  );
}

function Words({ ms, as, ahead, zone }: Shown & { zone: Zone }) {
  const words = useWorded((now) => (as === "ago" ? relative(ms, now, ahead) : ""));
  if (as === "ago") return words;
  return as === "clock" ? clock(ms, zone) : absolute(ms, zone);
}

/** `mayBeAhead`: what was can not lie ahead, whatever the clock says that was learnt of the server. */
export function relative(ms: number, now: number, mayBeAhead: boolean): string {
  const seconds = (now - ms) / 1000;
  return mayBeAhead && seconds < -1 ? ahead(-seconds) : ago(seconds);
}
