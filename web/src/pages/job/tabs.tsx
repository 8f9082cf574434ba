/** The parts of a job, each read when it is first looked at. One that fails takes no other with it. */

import { type KeyboardEvent, useRef } from "react";
import { useCommand } from "../../commands";
import { late } from "../../parts/late";
import { page as text } from "../../text/job/page";
import { TABS, type Tab, tabOf, useAddress, useReaddress } from "./address";
import { Contained } from "./contained";
import { useJob } from "./followed";
import css from "./tabs.module.css";

const PARTS: Record<Tab, React.ComponentType> = {
  timeline: late(() => import("./timeline")),
  tree: late(() => import("./tree")),
  log: late(() => import("./live-log")),
  checkpoints: late(() => import("./checkpoints")),
  config: late(() => import("./configuration")),
  events: late(() => import("./events")),
  attempts: late(() => import("./attempts")),
  items: late(() => import("./items")),
  output: late(() => import("./output")),
};

export function Tabs() {
  const address = useAddress();
  const shown = tabOf(address);
  const { id } = useJob();
  const Part = PARTS[shown];
  const unknown = address.tab !== undefined && address.tab !== shown ? address.tab : null;
  return (
    <>
      <Strip shown={shown} />
      {unknown !== null && <p className={css.unknown}>{text.unknownTab(unknown)}</p>}
      <div role="tabpanel" id={panelId(shown)} aria-labelledby={tabId(shown)} className={css.panel}>
        <Contained key={`${id} ${shown}`}>
          <Part />
        </Contained>
      </div>
    </>
  );
}

function Strip({ shown }: { shown: Tab }) {
  const readdress = useReaddress();
  const strip = useRef<HTMLDivElement>(null);
  const go = (tab: Tab) =>
    readdress({ tab: tab === "timeline" ? undefined : tab, step: undefined, kind: undefined, state: undefined });
  const walk = (event: KeyboardEvent) => {
    const next = neighbour(event.key, TABS.indexOf(shown));
    if (next === null) return;
    event.preventDefault();
    go(next);
    strip.current?.querySelector<HTMLElement>(`#${tabId(next)}`)?.focus();
  };
  return (
    <div ref={strip} role="tablist" aria-label={text.tabs.label} className={css.strip} onKeyDown={walk}>
      {TABS.map((tab, index) => (
        <One key={tab} tab={tab} index={index} shown={tab === shown} onGo={() => go(tab)} />
      ))}
    </div>
  );
}

function One({ tab, index, shown, onGo }: { tab: Tab; index: number; shown: boolean; onGo: () => void }) {
  const key = String(index + 1);
  useCommand({ id: `job.tab.${tab}`, keys: key, title: text.commands.tab(text.tabs[tab]), run: onGo });
  return (
    <button
      type="button"
      role="tab"
      id={tabId(tab)}
      aria-selected={shown}
      aria-controls={shown ? panelId(tab) : undefined}
      tabIndex={shown ? 0 : -1}
      className={css.tab}
      onClick={onGo}
      title={`${text.tabs[tab]} (${key})`}
    >
      {text.tabs[tab]}
    </button>
  );
}

function neighbour(key: string, at: number): Tab | null {
  const last = TABS.length - 1;
  const to: Record<string, number> = {
    ArrowLeft: at === 0 ? last : at - 1,
    ArrowRight: at === last ? 0 : at + 1,
    Home: 0,
    End: last,
  };
  const found = to[key];
  return found === undefined ? null : (TABS[found] ?? null);
}

const tabId = (tab: Tab) => `tab-${tab}`;
const panelId = (tab: Tab) => `panel-${tab}`;
