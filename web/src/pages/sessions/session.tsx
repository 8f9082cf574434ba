/** One session: its configuration, the versions of it, its jobs, its limit. */

import { Refused, type Session } from "@headway/client";
import { useClient } from "@headway/client/react";
import { Button, Tabs } from "@mantine/core";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useCommand } from "../../commands";
import { prefix } from "../../data/client";
import { type AllVerb, askAll, startSession } from "../../data/of-session";
import { useLost } from "../../data/signal";
import { confirm } from "../../parts/confirm";
import { Copy } from "../../parts/copy";
import { Empty } from "../../parts/empty";
import { PageHead } from "../../parts/page-head";
import { SessionState } from "../../parts/session-state";
import { Trouble } from "../../parts/trouble";
import { Waiting } from "../../parts/waiting";
import { parts } from "../../text/parts";
import { configuration, sessions as words } from "../../text/sessions";
import { type SessionTab, TABS } from "./address";
import { Concurrency } from "./concurrency";
import { Debug } from "./debug";
import { Editor } from "./editor";
import { SessionJobs } from "./jobs";
import { useAsk, useSession } from "./queries";
import css from "./sessions.module.css";
import { Versions } from "./versions";

export default function SessionPage() {
  const { id } = useParams({ from: "/sessions/$id" });
  const query = useSession(id);
  if (query.data !== undefined) return <Whole session={query.data} problem={query.error} asOf={query.dataUpdatedAt} />;
  if (query.error instanceof Refused && query.error.status === 404) {
    return (
      <>
        <PageHead title={id} />
        <Empty kind="nothing matches" title={words.noneHere(id)}>
          <Link to="/sessions">{words.back}</Link>
        </Empty>
      </>
    );
  }
  return (
    <>
      <PageHead title={id} />
      <Trouble error={query.error} onRetry={() => void query.refetch()} />
      {query.isPending && <Waiting lines={8} />}
    </>
  );
}

function Whole({ session, problem, asOf }: { session: Session; problem: unknown; asOf: number }) {
  const { tab = "config" } = useSearch({ from: "/sessions/$id" });
  const navigate = useNavigate({ from: "/sessions/$id" });
  const choose = (chosen: string | null) =>
    void navigate({ search: chosen === "config" ? {} : { tab: (chosen ?? "config") as SessionTab }, replace: true });
  useCommand({ id: "session.diff", keys: "d", title: words.diff, run: () => choose("versions") });
  return (
    <>
      <PageHead
        title={session.id}
        sub={
          <span className={css.facts}>
            <SessionState session={session} />
            <Copy value={session.id} what={parts.theId} />
            {session.owner !== null && <span>{session.owner}</span>}
            {session.job_type !== null && <code>{session.job_type}</code>}
          </span>
        }
        actions={<Actions session={session} />}
      />
      <Trouble error={problem} asOf={asOf} />
      <Tabs value={tab} onChange={choose} keepMounted={false}>
        <Tabs.List className={css.tabs}>
          {TABS.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {words.tabs[name]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="config" pt="md">
          <Editor session={session} />
        </Tabs.Panel>
        <Tabs.Panel value="versions" pt="md">
          <Versions session={session} />
        </Tabs.Panel>
        <Tabs.Panel value="jobs" pt="md">
          <SessionJobs session={session} />
        </Tabs.Panel>
        <Tabs.Panel value="concurrency" pt="md">
          <Concurrency session={session} />
        </Tabs.Panel>
        <Tabs.Panel value="debug" pt="md">
          <Debug session={session} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function Actions({ session }: { session: Session }) {
  const client = useClient();
  const navigate = useNavigate();
  const lost = useLost();
  const ask = useAsk(session.id);
  const path = { params: { path: { session_id: session.id } } };
  const none = session.open_jobs === 0;

  const all = (verb: AllVerb) => askAll(session.id, verb);
  const cancel = async () => {
    const title = words.cancelAll(session.id);
    const body = words.cancelAllAbout(session.open_jobs);
    if (await confirm({ title, body, action: words.cancelAction, danger: true })) await all("cancel");
  };
  const close = async () => {
    const title = words.closeQuestion(session.id);
    if (!(await confirm({ title, body: words.closeAbout, action: words.actions.close, danger: true }))) return;
    await ask(async () => {
      await client.rest.DELETE("/api/v1/sessions/{session_id}", path);
      await navigate({ to: "/sessions" });
      return words.closed(session.id);
    });
  };
  const away = lost ? configuration.offline : undefined;
  return (
    <>
      <Button size="xs" disabled={lost} title={away} onClick={() => void startSession(session)}>
        {words.actions.start}
      </Button>
      <Button size="xs" variant="default" disabled={lost || none} title={away} onClick={() => void all("pause")}>
        {words.actions.pause}
      </Button>
      <Button size="xs" variant="default" disabled={lost || none} title={away} onClick={() => void all("resume")}>
        {words.actions.resume}
      </Button>
      <Button size="xs" variant="default" disabled={lost || none} title={away} onClick={() => void cancel()}>
        {words.actions.cancel}
      </Button>
      <Button
        size="xs"
        variant="default"
        component="a"
        href={`${prefix}/api/v1/sessions/${encodeURIComponent(session.id)}`}
        download={`${session.id}.json`}
      >
        {words.actions.export}
      </Button>
      <Button size="xs" variant="default" disabled={lost || !none} title={away} onClick={() => void close()}>
        {words.actions.close}
      </Button>
    </>
  );
}
