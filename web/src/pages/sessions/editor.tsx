/** The configuration to edit: a draft that survives a reload, saved as a new version, merged where two have saved. */

import type { Session } from "@headway/client";
import { Alert, Button, Group, TextInput } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { useCommand } from "../../commands";
import { useLost } from "../../data/signal";
import { notify } from "../../parts/notices";
import { Trouble } from "../../parts/trouble";
import { configuration as words } from "../../text/sessions";
import { ChangeTable } from "./change-table";
import { ChangeWalk } from "./change-walk";
import { changesBetween } from "./changes";
import { Conflict } from "./conflict";
import { useDraft } from "./draft";
import { readConfig, writeConfig } from "./json";
import { isConflict, useSave } from "./queries";
import css from "./sessions.module.css";

export function Editor({ session }: { session: Session }) {
  const stored = useMemo(() => writeConfig(session.config), [session.config]);
  const draft = useDraft(session.id, stored, session.config_version);
  const [note, setNote] = useState("");
  const save = useSave(session.id);
  const lost = useLost();
  const read = useMemo(() => readConfig(draft.text), [draft.text]);
  const changes = useMemo(
    () => (read.config === null ? [] : changesBetween(session.config, read.config)),
    [read.config, session.config],
  );
  const behind = draft.isChanged && draft.version < session.config_version;
  const why = whyNot({ isLost: lost, open: session.open_jobs, problem: read.problem, isChanged: draft.isChanged });

  const store = async () => {
    if (why !== null || read.config === null || behind || save.isPending) return;
    try {
      const saved = await save.mutateAsync({ config: read.config, version: draft.version, note });
      draft.discard();
      setNote("");
      notify({ text: words.saved(saved.config_version) });
    } catch {
      // What was refused is shown below the editor; a conflict begins the merge, with the version that was saved.
    }
  };
  useCommand({ id: "config.save", keys: "mod+s", title: words.save, run: store, inFields: true });

  return (
    <section className={css.editor} aria-label={words.editor}>
      <p className={css.quiet}>{words.about}</p>
      {draft.isChanged && (
        <Group gap="xs" className={css.unsaved}>
          <IconPencil size={14} aria-hidden />
          <strong>{words.unsaved}</strong>
          <span>{words.draft(draft.version)}</span>
          <Button size="compact-xs" variant="subtle" onClick={draft.discard}>
            {words.discard}
          </Button>
        </Group>
      )}
      <textarea
        className={css.text}
        aria-label={words.editor}
        aria-invalid={read.problem !== null}
        aria-describedby="config-problem"
        spellCheck={false}
        autoComplete="off"
        rows={Math.min(32, Math.max(10, draft.text.split("\n").length + 1))}
        value={draft.text}
        onChange={(event) => draft.edit(event.currentTarget.value)}
      />
      <p id="config-problem" className={css.problem} role={read.problem === null ? undefined : "alert"}>
        {read.problem}
      </p>
      {behind && read.config !== null && (
        <Conflict session={session} mine={read.config} base={draft.version} take={draft.rebase} />
      )}
      {draft.isChanged && !behind && changes.length > 0 && (
        <ChangeWalk>
          <h2 className={css.heading}>{words.changes}</h2>
          <ChangeTable changes={changes} />
        </ChangeWalk>
      )}
      {save.error !== null && !isConflict(save.error) && <Trouble error={save.error} />}
      <Group gap="xs" align="center" className={css.saving}>
        <TextInput
          size="xs"
          aria-label={words.note}
          placeholder={words.notePlaceholder}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Button size="xs" disabled={why !== null || behind} loading={save.isPending} onClick={() => void store()}>
          {words.save}
        </Button>
        {why !== null && draft.isChanged && (
          <Alert variant="transparent" p={0} className={css.why}>
            {why}
          </Alert>
        )}
      </Group>
    </section>
  );
}

interface Circumstances {
  isLost: boolean;
  open: number;
  problem: string | null;
  isChanged: boolean;
}

/** Why it can not be saved now; null where it can. */
function whyNot({ isLost, open, problem, isChanged }: Circumstances): string | null {
  if (problem !== null) return problem;
  if (!isChanged) return words.unchanged;
  if (isLost) return words.offline;
  return open > 0 ? words.running(open) : null;
}
