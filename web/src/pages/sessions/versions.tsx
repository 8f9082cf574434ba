/** The saves of a session: who, when, what for; compared, and taken back into force. */

import type { Session } from "@headway/client";
import { Button, Group, NumberInput } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useLost } from "../../data/signal";
import { Moment } from "../../parts/moment";
import { Trouble } from "../../parts/trouble";
import { Waiting } from "../../parts/waiting";
import { versions as words } from "../../text/sessions";
import { ChangeTable } from "./change-table";
import { ChangeWalk } from "./change-walk";
import { useAsk, useDifference, useSave, useVersions, type Version } from "./queries";
import css from "./sessions.module.css";

export function Versions({ session }: { session: Session }) {
  const query = useVersions(session.id);
  const newest = session.config_version;
  const search = useSearch({ from: "/sessions/$id" });
  const navigate = useNavigate({ from: "/sessions/$id" });
  const to = Math.min(search.to ?? newest, newest);
  const from = Math.min(search.from ?? Math.max(1, to - 1), newest);
  const compare = (chosen: { from?: number; to?: number }) =>
    void navigate({ search: { tab: "versions", from, to, ...chosen }, replace: true });
  const found = query.data?.pages.flatMap((page) => page.versions) ?? [];
  return (
    <>
      {newest > 1 && <Comparison session={session.id} newest={newest} from={from} to={to} compare={compare} />}
      <Trouble error={query.error} onRetry={() => void query.refetch()} />
      {query.isPending && <Waiting lines={4} />}
      <ol className={css.versions} reversed>
        {found.map((version) => (
          <Row
            key={version.version}
            session={session}
            version={version}
            compare={() => compare({ from: Math.max(1, version.version - 1), to: version.version })}
          />
        ))}
      </ol>
      {query.hasNextPage && (
        <Button variant="default" size="xs" onClick={() => void query.fetchNextPage()}>
          {words.more}
        </Button>
      )}
    </>
  );
}

interface RowProps {
  session: Session;
  version: Version;
  compare: () => void;
}

function Row({ session, version, compare }: RowProps) {
  const save = useSave(session.id);
  const ask = useAsk(session.id);
  const lost = useLost();
  const isCurrent = version.version === session.config_version;
  const restore = () =>
    ask(async () => {
      const note = words.restoreNote(version.version);
      const saved = await save.mutateAsync({ config: version.config, version: session.config_version, note });
      return words.restored(version.version, saved.config_version);
    });
  return (
    <li className={css.version}>
      <div>
        <strong>{words.version(version.version)}</strong>{" "}
        {isCurrent && <span className={css.kind}>{words.current}</span>}
        {version.note !== null && <span className={css.note}>{version.note}</span>}
        <div className={css.quiet}>
          <Moment at={version.saved_at} /> {words.by(version.author)}
        </div>
      </div>
      <Group gap={4}>
        {version.version > 1 && (
          <Button size="compact-xs" variant="subtle" onClick={compare}>
            {words.compare}
          </Button>
        )}
        {!isCurrent && (
          <Button
            size="compact-xs"
            variant="default"
            disabled={lost || session.open_jobs > 0}
            loading={save.isPending}
            onClick={() => void restore()}
          >
            {words.restore}
          </Button>
        )}
      </Group>
    </li>
  );
}

interface ComparisonProps {
  session: string;
  newest: number;
  from: number;
  to: number;
  compare: (chosen: { from?: number; to?: number }) => void;
}

function Comparison({ session, newest, from, to, compare }: ComparisonProps) {
  const query = useDifference(session, from, to);
  const changes = query.data ?? [];
  const isSame = from === to || (query.isSuccess && changes.length === 0);
  return (
    <section className={css.comparison} aria-label={words.compare}>
      <Group gap="xs" align="end">
        <NumberInput
          size="xs"
          w={110}
          label={words.from}
          min={1}
          max={newest}
          value={from}
          onChange={(n) => compare({ from: Number(n) || 1 })}
        />
        <NumberInput
          size="xs"
          w={110}
          label={words.to}
          min={1}
          max={newest}
          value={to}
          onChange={(n) => compare({ to: Number(n) || 1 })}
        />
      </Group>
      <Trouble error={query.error} onRetry={() => void query.refetch()} />
      {isSame ? (
        <p className={css.quiet}>{words.same}</p>
      ) : (
        <ChangeWalk>
          <ChangeTable changes={changes} />
        </ChangeWalk>
      )}
    </section>
  );
}
