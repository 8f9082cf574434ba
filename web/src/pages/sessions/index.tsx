/** All sessions: who owns them, what they run, when they were used. */

import type { Session } from "@headway/client";
import { Button, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Empty } from "../../parts/empty";
import { Moment } from "../../parts/moment";
import { PageHead } from "../../parts/page-head";
import { SessionState } from "../../parts/session-state";
import table from "../../parts/table.module.css";
import { Trouble } from "../../parts/trouble";
import { Waiting } from "../../parts/waiting";
import { pages } from "../../text/pages";
import { sessions as words } from "../../text/sessions";
import { exact } from "../../text/words";
import { EVERYBODYS, fitting, limitOf } from "./listing";
import { useNewSession } from "./new-session";
import { useSessions } from "./queries";
import css from "./sessions.module.css";

export default function SessionsPage() {
  const query = useSessions();
  const create = useNewSession();
  const [text, setText] = useState("");
  const found = query.data?.pages.flatMap((page) => page.sessions) ?? [];
  const shown = fitting(found, text);
  return (
    <>
      <PageHead
        title={pages.sessions}
        sub={words.about}
        actions={
          <Button size="xs" leftSection={<IconPlus size={16} aria-hidden />} onClick={create}>
            {words.create}
          </Button>
        }
      />
      <Trouble error={query.error} onRetry={() => void query.refetch()} asOf={query.dataUpdatedAt || null} />
      {query.isPending && <Waiting lines={6} />}
      {found.length > 1 && (
        <TextInput
          className={css.filter}
          type="search"
          size="xs"
          aria-label={words.filter}
          placeholder={words.filter}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      )}
      {shown.length > 0 && <Table sessions={shown} />}
      {shown.length === 0 && found.length > 0 && (
        <Empty kind="nothing matches">{words.noneFits(found.length, query.hasNextPage)}</Empty>
      )}
      {query.isSuccess && found.every((session) => session.id === EVERYBODYS) && (
        <Empty kind="nothing yet" title={words.none} snippet={words.noneSnippet}>
          {words.noneAbout}
        </Empty>
      )}
      {query.hasNextPage && (
        <Button variant="default" size="xs" onClick={() => void query.fetchNextPage()}>
          {words.more}
        </Button>
      )}
    </>
  );
}

function Running({ session }: { session: Session }) {
  const limit = limitOf(session);
  return limit === null ? exact(session.running) : `${exact(session.running)} / ${exact(limit)}`;
}

function Table({ sessions }: { sessions: readonly Session[] }) {
  const { columns } = words;
  return (
    <table className={table.table}>
      <thead>
        <tr>
          <th scope="col">{columns.id}</th>
          <th scope="col">{columns.type}</th>
          <th scope="col">{columns.running}</th>
          <th scope="col">{columns.open}</th>
          <th scope="col">{columns.version}</th>
          <th scope="col">{columns.owner}</th>
          <th scope="col">{columns.used}</th>
        </tr>
      </thead>
      <tbody>
        {sessions.map((session) => (
          <tr key={session.id}>
            <th scope="row">
              <Link to="/sessions/$id" params={{ id: session.id }} className={css.name}>
                {session.id}
              </Link>
              <SessionState session={session} />
            </th>
            <td data-label={columns.type}>
              {session.job_type === null ? (
                <span className={css.quiet}>{words.noType}</span>
              ) : (
                <code>{session.job_type}</code>
              )}
            </td>
            <td data-label={columns.running} className="hw-figures">
              <Running session={session} />
            </td>
            <td data-label={columns.open} className="hw-figures">
              {exact(session.open_jobs)}
            </td>
            <td data-label={columns.version} className="hw-figures">
              {session.config_version}
            </td>
            <td data-label={columns.owner}>{session.owner ?? <span className={css.quiet}>{words.noOwner}</span>}</td>
            <td data-label={columns.used}>
              <Moment at={session.used_at} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
