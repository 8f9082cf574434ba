/** The pages, with what goes on behind them. Pages to come have their place in this list. */

import {
  IconActivityHeartbeat,
  IconFolders,
  IconHome,
  IconLifebuoy,
  IconListDetails,
  IconSettings,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ComponentType } from "react";
import { useCounts } from "../data/counts";
import { pages } from "../text/pages";
import { recovery } from "../text/recovery";
import { shell } from "../text/shell";
import { count } from "../text/words";
import { Hidden } from "./hidden";
import css from "./navigation.module.css";
import { OwnSession } from "./own-session";
import { Status } from "./status";

type Icon = ComponentType<{ size?: number; stroke?: number; "aria-hidden"?: boolean }>;
type To = "/" | "/jobs" | "/sessions" | "/recovery" | "/health" | "/settings";

interface Entry {
  to: To;
  title: string;
  icon: Icon;
}

/** What people work with, and below it what they look after. */
const WORK: readonly Entry[] = [
  { to: "/", title: pages.home, icon: IconHome },
  { to: "/jobs", title: pages.jobs, icon: IconListDetails },
  { to: "/sessions", title: pages.sessions, icon: IconFolders },
  { to: "/recovery", title: pages.recovery, icon: IconLifebuoy },
];
const CARE: readonly Entry[] = [
  { to: "/health", title: pages.health, icon: IconActivityHeartbeat },
  { to: "/settings", title: pages.settings, icon: IconSettings },
];

export function Navigation({ onGo }: { onGo: () => void }) {
  return (
    <div className={css.navigation}>
      <Entries entries={WORK} onGo={onGo} />
      <div className={css.spacer} />
      <Entries entries={CARE} onGo={onGo} />
      <OwnSession onGo={onGo} />
    </div>
  );
}

function Entries({ entries, onGo }: { entries: readonly Entry[]; onGo: () => void }) {
  return (
    <ul className={css.list}>
      {entries.map(({ to, title, icon: Icon }) => (
        <li key={to}>
          <Link to={to} className={css.link} activeOptions={{ exact: to === "/", includeSearch: false }} onClick={onGo}>
            <Icon size={17} stroke={1.75} aria-hidden />
            <span className={css.title}>{title}</span>
            <Marks to={to} />
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Marks({ to }: { to: To }) {
  const counts = useCounts();
  if (counts === null) return null;
  if (to === "/recovery") {
    return (
      <span className={css.marks}>
        <Mark state="interrupted" n={counts.interrupted ?? 0} words={shell.interrupted} />
        <Mark state="rollback_failed" n={counts.rollback_failed ?? 0} words={recovery.rollbacksFailed} />
      </span>
    );
  }
  if (to !== "/jobs") return null;
  return (
    <span className={css.marks}>
      <Mark state="running" n={counts.running ?? 0} words={shell.running} />
      <Mark state="failed" n={counts.failed ?? 0} words={shell.failed} />
    </span>
  );
}

function Mark({ state, n, words }: { state: string; n: number; words: (n: string) => string }) {
  if (n === 0) return null;
  const label = words(count(n));
  return (
    <span className={css.mark} data-mark={state} title={label}>
      <span aria-hidden className={css.shape}>
        <Status state={state} brief />
      </span>
      <span aria-hidden>{count(n)}</span>
      <Hidden>{label}</Hidden>
    </span>
  );
}
