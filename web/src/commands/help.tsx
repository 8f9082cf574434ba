/** The help sheet: the keys that work on this page now, read from the registry. */

import { Modal } from "@mantine/core";
import { Fragment } from "react";
import { usePreferences } from "../data/preferences";
import { commands as texts } from "../text/commands";
import { dialog } from "../text/shell";
import { Caps } from "./caps";
import css from "./help.module.css";
import { type Command, ownKeys } from "./registry";
import { useRegistered } from "./use-command";

export interface HelpProps {
  opened: boolean;
  onClose: () => void;
}

export function Help({ opened, onClose }: HelpProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={texts.helpTitle}
      size="46rem"
      transitionProps={{ duration: 0 }}
      closeButtonProps={{ "aria-label": dialog.close }}
    >
      <Sheet />
    </Modal>
  );
}

export function Sheet() {
  const { shortcuts } = usePreferences();
  const all = useRegistered();
  const groups = grouped(all);
  return (
    <>
      {!shortcuts && <p className={css.off}>{texts.helpOff}</p>}
      <div className={css.columns}>
        {groups.map(([name, list]) => (
          <section key={name} className={css.group}>
            <h3 className={css.heading}>{name}</h3>
            <dl className={css.list}>
              {list.map((command) => (
                <div key={command.id} className={css.row} data-command={command.id}>
                  <dt>{command.title}</dt>
                  <dd>
                    {ownKeys(command, all).map((keys, n) => (
                      <Fragment key={keys}>
                        {n > 0 && <span className={css.or}>{texts.orKeys}</span>}
                        <Caps keys={keys} />
                      </Fragment>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </>
  );
}

/** Commands with keys by their group; those of the page first. A command that was offered twice is told once. */
export function grouped(list: readonly Command[]): [string, Command[]][] {
  const groups = new Map<string, Map<string, Command>>([[texts.groups.page, new Map()]]);
  for (const command of list) {
    if (ownKeys(command, list).length === 0) continue;
    const name = command.group ?? texts.groups.page;
    groups.set(name, (groups.get(name) ?? new Map<string, Command>()).set(command.id, command));
  }
  return [...groups].filter(([, found]) => found.size > 0).map(([name, found]) => [name, [...found.values()]]);
}
