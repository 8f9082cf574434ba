/** Work that was interrupted greets you: how much, when, why, and what can go on. It waits beside the page, never before it. */

import { Button } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useLost } from "../../data/signal";
import { Moment } from "../../parts/moment";
import { notify } from "../../parts/notices";
import { recovery as texts } from "../../text/recovery";
import { type Recoverable, type Recovery, useInterrupted } from "../recovery/reads";
import { sendOn } from "../recovery/send-on";
import css from "./banner.module.css";

const DISMISSED = "headway.recovery.dismissed";

type Stop = Recovery["stops"][number];

export function ResumeBanner() {
  const { data } = useInterrupted();
  const [dismissed, setDismissed] = useState(read);
  const newest =
    data?.stops
      .map((stop) => stop.at)
      .sort()
      .at(-1) ?? "";
  if (data === undefined || newest === "" || newest <= dismissed) return null;
  const dismiss = () => {
    setDismissed(newest);
    keep(newest);
  };
  return <Banner recovery={data} onDismiss={dismiss} />;
}

function Banner({ recovery, onDismiss }: { recovery: Recovery; onDismiss: () => void }) {
  const navigate = useNavigate();
  const lost = useLost();
  const [busy, setBusy] = useState(false);
  const { stops } = recovery;
  const jobs = stops.reduce((sum, stop) => sum + stop.jobs, 0);
  const safe = recovery.jobs.filter((entry) => entry.safe);
  const resume = async () => {
    setBusy(true);
    await resumeAll(safe);
    setBusy(false);
  };
  return (
    <section className={css.banner} aria-label={texts.banner.label}>
      <IconPlugConnectedX className={css.icon} size={20} stroke={2} aria-hidden />
      <p className={css.words}>
        <strong>{texts.banner.stopped(jobs)}</strong> <When stops={stops} />; {texts.banner.can(safe.length, jobs)}
      </p>
      <div className={css.buttons}>
        {safe.length > 0 && (
          <Button
            size="xs"
            loading={busy}
            disabled={lost}
            title={lost ? texts.offline : undefined}
            onClick={() => void resume()}
          >
            {texts.banner.resume(safe.length)}
          </Button>
        )}
        <Button size="xs" variant="default" onClick={() => void navigate({ to: "/recovery" })}>
          {texts.banner.review}
        </Button>
        <Button size="xs" variant="subtle" color="gray" onClick={onDismiss}>
          {texts.banner.dismiss}
        </Button>
      </div>
    </section>
  );
}

/** "at 02:14 (server restart)"; with several stops the last one's time and all causes. */
function When({ stops }: { stops: readonly Stop[] }) {
  const last = stops.reduce<Stop | undefined>(
    (one, stop) => (one === undefined || stop.at > one.at ? stop : one),
    undefined,
  );
  const causes = [...new Set(stops.map((stop) => stop.text))].join("; ");
  return (
    <>
      {stops.length > 1 ? texts.banner.atTimes : texts.banner.at} <Moment at={last?.at} as="clock" /> ({causes})
    </>
  );
}

async function resumeAll(entries: readonly Recoverable[]): Promise<void> {
  const { done, refused } = await sendOn("resume", entries);
  const [why] = refused.values();
  notify({
    tone: refused.size === 0 ? "good" : "note",
    text: [texts.results.resume(done, done + refused.size), why === undefined ? "" : texts.failedToGoOn(why)]
      .join(" ")
      .trim(),
  });
}

function read(): string {
  try {
    return localStorage.getItem(DISMISSED) ?? "";
  } catch {
    return ""; // storage is off: the banner comes again with the next visit
  }
}

function keep(at: string): void {
  try {
    localStorage.setItem(DISMISSED, at);
  } catch {
    // Storage is full or off: it stays away until the page is left.
  }
}
