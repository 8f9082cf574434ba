/** What can be done with the job of a row. The menu exists only while it is open. */

import type { Job } from "@headway/client";
import { Menu } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { perform } from "../../data/actions";
import { useLost } from "../../data/signal";
import { copyText } from "../../parts/clipboard";
import { notify } from "../../parts/notices";
import { jobs as texts } from "../../text/jobs";
import { parts, verbs } from "../../text/parts";
import type { RowHandlers } from "./row";
import css from "./table.module.css";

const VERBS = ["pause", "resume", "retry", "restart", "rollback", "cancel"] as const;

export interface RowMenuProps {
  job: Job;
  focused: boolean;
  handlers: RowHandlers;
}

export function RowMenu({ job, focused, handlers }: RowMenuProps) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    setOpen(false);
    button.current?.focus({ preventScroll: true });
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className={css.menuButton}
        aria-label={texts.menu(job.name)}
        aria-haspopup="menu"
        aria-expanded={open}
        tabIndex={focused ? 0 : -1}
        onClick={() => setOpen(!open)}
      >
        <IconDots size={16} stroke={2} aria-hidden />
      </button>
      {open && <Items job={job} handlers={handlers} close={close} />}
    </>
  );
}

function Items({ job, handlers, close }: { job: Job; handlers: RowHandlers; close: () => void }) {
  const lost = useLost();
  const possible = VERBS.filter((verb) => job.moves.includes(verb));
  const copy = async (text: string) => {
    const done = await copyText(text);
    notify(done ? { text: parts.copied } : { tone: "bad", text: parts.copyFailed });
  };
  return (
    <Menu opened onClose={close} position="bottom-end" withinPortal shadow="sm" transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <span className={css.anchor} />
      </Menu.Target>
      <Menu.Dropdown>
        {possible.map((verb) => (
          <Menu.Item
            key={verb}
            disabled={lost}
            title={lost ? texts.offline : undefined}
            onClick={() => void perform(job, verb)}
          >
            {verbs[verb].label}
          </Menu.Item>
        ))}
        {possible.length > 0 && <Menu.Divider />}
        <Menu.Item onClick={() => handlers.open(job.id, false)}>{texts.open}</Menu.Item>
        <Menu.Item onClick={() => handlers.open(job.id, true)}>{texts.openNew}</Menu.Item>
        <Menu.Item onClick={() => void copy(job.id)}>{texts.copyId}</Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => handlers.only("session", job.session)}>{texts.onlySession}</Menu.Item>
        <Menu.Item onClick={() => handlers.only("type", job.type)}>{texts.onlyType}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
