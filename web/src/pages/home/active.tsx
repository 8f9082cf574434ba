/** The jobs that are under way, as cards. */

import type { Job } from "@headway/client";
import { Button } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useCommand } from "../../commands";
import { client } from "../../data/client";
import { useCounts } from "../../data/counts";
import { isLost } from "../../data/signal";
import { AsOf } from "../../parts/as-of";
import { Empty } from "../../parts/empty";
import { Moment } from "../../parts/moment";
import { JobStatus } from "../../parts/status";
import { Trouble } from "../../parts/trouble";
import { Waiting } from "../../parts/waiting";
import { home as texts } from "../../text/home";
import { Card } from "./card";
import css from "./home.module.css";
import { stalledBehind } from "./places";
import { useLastEnded } from "./reads";
import { Start } from "./start";
import { Throughput } from "./throughput";
import { usePlaces } from "./use-places";
import { ME, type Whose } from "./whose";

/** More cards than these nobody looks at; the list has all of them. */
const MOST = 12;
const SAMPLE_MS = 2_000;
const MOVING = ["running", "pausing", "cancelling", "rolling_back"];

export interface ActiveProps {
  whose: Whose;
  owner: string | null;
  onEverybody: () => void;
}

export function Active({ whose: { words }, owner, onEverybody }: ActiveProps) {
  const view = useActive(words);
  const counts = useCounts(words.trim());
  const { places, arrange, list } = usePlaces(view.jobs, view.known, MOST);
  const shown = useMemo(() => places?.map(({ job }) => job) ?? [], [places]);
  const throughput = useThroughput(shown);
  useCardKeys(shown);
  if (places === null)
    return view.error === null ? <Waiting lines={5} /> : <Trouble error={view.error} what={texts.activeList} />;
  const lost = isLost(view.connection);
  const behind = stalledBehind(places, view.jobs);
  const here = places.filter(({ leftAt }) => leftAt === null).length;
  const moving = MOVING.reduce((sum, state) => sum + (counts?.[state] ?? 0), 0);
  const pending = counts?.pending ?? 0;
  return (
    <section aria-labelledby="active" className={css.panel}>
      <div className={css.panelHead}>
        <h2 id="active">{texts.active}</h2>
        <AsOf at={view.asOf} />
        {behind > 0 && (
          <Button size="compact-xs" variant="default" onClick={arrange}>
            {texts.stalledFirst(behind)}
          </Button>
        )}
        {pending > 0 && (
          <Link to="/jobs" search={{ q: `state:pending${words}` }} className={css.link}>
            {texts.waiting(pending)}
          </Link>
        )}
      </div>
      {shown.length === 0 ? (
        <Idle counts={counts} words={words} owner={owner} onEverybody={onEverybody} />
      ) : (
        <ul ref={list} className={css.cards} data-lost={lost || undefined} aria-label={texts.activeList}>
          {places.map(({ job, leftAt }, n) => (
            <Card
              key={job.id}
              job={job}
              left={leftAt !== null}
              digit={n < 9 ? n + 1 : null}
              rates={throughput.of(job.id)}
            />
          ))}
        </ul>
      )}
      {moving > here && shown.length === MOST && (
        <Link to="/jobs" search={{ q: `state:${MOVING.join(",")}${words}` }} className={css.link}>
          {texts.moreRunning(moving - here)}
        </Link>
      )}
    </section>
  );
}

/** words: what is to fit as well; another component where it changes. */
function useActive(words: string) {
  const [store] = useState(() => ({ q: `state:${MOVING.join(",")}${words}`, limit: 100 }));
  const followed = useRef<ReturnType<typeof client.followJobs> | null>(null);
  const [subscribe, read] = useMemo(() => {
    const open = () => {
      followed.current ??= client.followJobs(store);
      return followed.current;
    };
    const begin = (listener: () => void) => {
      const end = open().subscribe(listener);
      return () => {
        end();
        followed.current?.close();
        followed.current = null;
      };
    };
    return [begin, () => open().getSnapshot()] as const;
  }, [store]);
  return useSyncExternalStore(subscribe, read, read);
}

function useThroughput(jobs: readonly Job[]): Throughput {
  const [throughput] = useState(() => new Throughput());
  const [, setSamples] = useState(0);
  const now = useRef(jobs);
  now.current = jobs;
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.hidden || isLost(client.connection.getSnapshot())) return;
      throughput.sample(now.current, client.now());
      setSamples((n) => n + 1);
    }, SAMPLE_MS);
    return () => clearInterval(timer);
  }, [throughput]);
  return throughput;
}

function useCardKeys(jobs: readonly Job[]): void {
  const navigate = useNavigate();
  const open = (digit: number) => {
    const job = jobs[digit - 1];
    if (job !== undefined) void navigate({ to: "/jobs/$id", params: { id: String(job.number) } });
  };
  useCommand({
    id: "home.card",
    keys: ["1", "2", "3", "4", "5", "6", "7", "8", "9"],
    title: texts.keys.card,
    palette: false,
    when: () => jobs.length > 0,
    run: (event) => open(Number(event?.key)),
  });
}

interface IdleProps extends Pick<ActiveProps, "owner" | "onEverybody"> {
  counts: Readonly<Record<string, number>> | null;
  words: string;
}

function Idle({ counts, words, owner, onEverybody }: IdleProps) {
  if (counts === null) return <Waiting lines={2} />;
  if (Object.values(counts).some((n) => n > 0)) return <LastEnded words={words} />;
  if (owner === null) return <Start />;
  return (
    <Empty kind="nothing matches" title={texts.owner.none(owner === ME ? null : owner)}>
      <Button size="compact-xs" variant="default" onClick={onEverybody}>
        {texts.owner.showEverybody}
      </Button>
    </Empty>
  );
}

function LastEnded({ words }: { words: string }) {
  const { data: job } = useLastEnded(words.trim());
  return (
    <div className={css.idle}>
      <span>{texts.nothingRunning}.</span>
      {job && (
        <span className={css.lastJob}>
          {texts.lastJob}:{" "}
          <Link to="/jobs/$id" params={{ id: String(job.number) }} className={css.link}>
            {job.name}
          </Link>{" "}
          <JobStatus job={job} /> <Moment at={job.ended_at} />
        </span>
      )}
    </div>
  );
}
