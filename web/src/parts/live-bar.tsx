/** Says that live updates are lost, since when, and lets people try at once. */

import { Button } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { client } from "../data/client";
import { isLost, useSignal } from "../data/signal";
import { shell } from "../text/shell";
import { duration } from "../text/words";
import css from "./live-bar.module.css";
import { announce } from "./notices";

export function LiveBar() {
  const connection = useSignal();
  const lost = isLost(connection);
  useTold(lost);
  useGreyed(lost);
  const since = connection.lostAt ?? connection.since;
  const seconds = useSeconds(lost, since);
  if (!lost && connection.state !== "denied") return null;
  return (
    <div className={css.bar} data-connection={connection.state}>
      <IconPlugConnectedX className={css.icon} size={16} stroke={2} aria-hidden />
      <span className={css.words}>{connection.state === "denied" ? shell.denied : worded(seconds)}</span>
      <Button size="compact-xs" variant="default" onClick={() => client.retryNow()}>
        {shell.tryNow}
      </Button>
    </div>
  );
}

function worded(seconds: number): string {
  return seconds < 1 ? shell.lostNow : shell.lost(duration(seconds));
}

/** Says it to the styles: what tells how a job is loses its colour meanwhile, on every page. */
function useGreyed(lost: boolean): void {
  useEffect(() => {
    document.documentElement.toggleAttribute("data-lost", lost);
    return () => document.documentElement.removeAttribute("data-lost");
  }, [lost]);
}

/** Screen readers hear once that it is lost and once that it is back, not every second. */
function useTold(lost: boolean): void {
  const before = useRef(lost);
  useEffect(() => {
    if (before.current === lost) return;
    before.current = lost;
    announce(lost ? shell.lostNow : shell.back);
  }, [lost]);
}

/** Seconds since then. The page's own clock stands still meanwhile, so this counts by itself. */
function useSeconds(counting: boolean, since: number): number {
  const [now, setNow] = useState(() => client.now());
  useEffect(() => {
    if (!counting) return;
    setNow(client.now());
    const timer = setInterval(() => setNow(client.now()), 1000);
    return () => clearInterval(timer);
  }, [counting]);
  return Math.max(0, Math.floor((now - since) / 1000));
}
