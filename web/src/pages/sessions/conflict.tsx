/** Two have changed the same configuration: both changes since the common version, and what becomes of them. */

import type { Session } from "@headway/client";
import { Button, SegmentedControl } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { Trouble } from "../../parts/trouble";
import { Waiting } from "../../parts/waiting";
import { configuration as words } from "../../text/sessions";
import { ChangeTable } from "./change-table";
import { ChangeWalk } from "./change-walk";
import { changesBetween, mergeOf } from "./changes";
import { type Config, writeConfig } from "./json";
import { useVersions } from "./queries";
import css from "./sessions.module.css";

interface ConflictProps {
  session: Session;
  mine: Config;
  /** The version that mine was begun on. */
  base: number;
  take: (text: string, on: number) => void;
}

export function Conflict({ session, mine, base, take }: ConflictProps) {
  const versions = useVersions(session.id);
  const [chosen, setChosen] = useState<ReadonlyMap<string, "mine" | "theirs">>(new Map());
  const common = versions.data?.pages.flatMap((page) => page.versions).find((one) => one.version === base)?.config;
  const merge = useMemo(
    () => (common === undefined ? null : mergeOf(common, mine, session.config, chosen)),
    [common, mine, session.config, chosen],
  );
  if (common === undefined || merge === null) {
    return versions.error === null ? <Waiting lines={3} /> : <Trouble error={versions.error} />;
  }
  return (
    <section className={css.conflict} role="alert">
      <h2 className={css.warning}>
        <IconAlertTriangle size={16} stroke={2} aria-hidden />
        {words.conflict(session.config_version)}
      </h2>
      <p className={css.quiet}>{words.conflictAbout}</p>
      <ChangeWalk>
        <h3>{words.mine}</h3>
        <ChangeTable changes={changesBetween(common, mine)} />
        <h3>{words.theirs}</h3>
        <ChangeTable changes={changesBetween(common, session.config)} />
      </ChangeWalk>
      {merge.disputed.map((path) => (
        <div key={path} className={css.dispute}>
          <code>{path}</code>
          <SegmentedControl
            size="xs"
            aria-label={path}
            value={chosen.get(path) ?? "theirs"}
            onChange={(side) => setChosen((before) => new Map(before).set(path, side as "mine" | "theirs"))}
            data={[
              { value: "theirs", label: words.keepTheirs },
              { value: "mine", label: words.keepMine },
            ]}
          />
        </div>
      ))}
      <Button
        className={css.merge}
        size="xs"
        mt="sm"
        onClick={() => take(writeConfig(merge.merged), session.config_version)}
      >
        {words.merge}
      </Button>
    </section>
  );
}
