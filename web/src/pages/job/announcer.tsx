/** Tells screen readers how the job goes: quarters, changes of state, stalls; never two within half a minute. */

import type { JobView } from "@headway/client";
import { useEffect, useRef, useState } from "react";
import { client } from "../../data/client";
import { Hidden } from "../../parts/hidden";
import { page as text } from "../../text/job/page";
import { states } from "../../text/states";
import { hear, type Said, type Seen, UNHEARD } from "./announcements";
import { useView } from "./followed";

/** How often it looks whether what was held back may be said. */
const LOOK_MS = 5_000;

export function Announcer() {
  const seen = useView(seenIn, same);
  const name = useView((view) => view.job?.name ?? "");
  const heard = useRef(UNHEARD);
  const [words, setWords] = useState("");
  useEffect(() => {
    const listen = () => {
      const answer = hear(heard.current, seen, client.now());
      heard.current = answer.heard;
      if (answer.say !== null) setWords(worded(name, answer.say));
    };
    listen();
    const timer = setInterval(listen, LOOK_MS);
    return () => clearInterval(timer);
  }, [seen, name]);
  return (
    <div role="status" aria-live="polite" data-part="announcements">
      <Hidden>{words}</Hidden>
    </div>
  );
}

function seenIn({ job }: JobView): Seen {
  const stalled = (job?.progress?.stalled_since ?? null) !== null && job?.state === "running";
  return { state: job?.state ?? "", percent: job?.progress?.percent ?? null, stalled };
}

function same(a: Seen, b: Seen): boolean {
  return a.state === b.state && a.percent === b.percent && a.stalled === b.stalled;
}

function worded(name: string, said: Said): string {
  if (said.what === "percent") return text.announced.percent(name, said.percent);
  if (said.what === "stalled") return text.announced.stalled(name);
  return text.announced.state(name, states[said.state] ?? said.state);
}
