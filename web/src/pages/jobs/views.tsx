/** The saved views: chosen, saved, renamed and deleted beside the search box. */

import { ActionIcon, Button, Menu, TextInput } from "@mantine/core";
import { IconBookmark } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
import { LONGEST_NAME, removeView, renameView, saveView, useViews, type View, views } from "../../data/views";
import { ask, Choices } from "../../parts/confirm";
import { notify } from "../../parts/notices";
import { dialog } from "../../text/shell";
import { views as texts } from "../../text/views";
import { type Chosen, inAddress } from "./address";
import css from "./choices.module.css";
import { viewOf, viewShown } from "./named";

export interface ViewsProps {
  chosen: Chosen;
  onView(view: View): void;
}

export function Views({ chosen, onView }: ViewsProps) {
  const saved = useViews();
  const shown = viewShown(chosen, saved);
  const label = shown === undefined ? texts.button : texts.current(shown.name);
  return (
    <Menu position="bottom-end" transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <ActionIcon
          variant="default"
          size={36}
          aria-label={label}
          title={label}
          data-changed={shown !== undefined || undefined}
          className={css.button}
        >
          <IconBookmark size={16} stroke={2} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown className={css.views}>
        {saved.length === 0 && <Menu.Label>{texts.none}</Menu.Label>}
        {saved.map((view) => (
          <Menu.Item
            key={view.name}
            role="menuitemradio"
            aria-checked={view === shown}
            className={css.item}
            onClick={() => onView(view)}
          >
            {view.name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        {shown === undefined ? (
          <Menu.Item onClick={() => void save(chosen)}>{texts.save}</Menu.Item>
        ) : (
          <>
            <Menu.Item onClick={() => void rename(shown)}>{texts.rename(shown.name)}</Menu.Item>
            <Menu.Item onClick={() => remove(shown)}>{texts.remove(shown.name)}</Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The name of a view gives way to what it stands for: that can be shared, and changed. */
export function useViewInAddress(raw: Record<string, unknown>, saved: readonly View[], chosen: Chosen): void {
  const navigate = useNavigate();
  const named = raw.view !== undefined && saved.some((view) => view.name === String(raw.view));
  useEffect(() => {
    if (!named) return;
    const search = (before: object) => ({ ...before, ...inAddress(chosen), view: undefined });
    void navigate({ to: "/jobs", search, replace: true, resetScroll: false });
  }, [named, chosen, navigate]);
}

async function save(chosen: Chosen): Promise<void> {
  const name = await askName(texts.saveTitle, texts.doSave, "");
  if (name !== null) tell(saveView(viewOf(chosen, name)), texts.saved(name));
}

async function rename(view: View): Promise<void> {
  const name = await askName(texts.renameTitle(view.name), texts.doRename, view.name);
  if (name !== null) tell(renameView(view.name, name), texts.saved(name));
}

function remove(view: View): void {
  tell(removeView(view.name), texts.removed(view.name), () => void saveView(view));
}

function tell(stored: boolean, text: string, undo?: () => void): void {
  notify({ text, ...(undo === undefined ? {} : { undo }) });
  if (!stored) notify({ tone: "bad", text: texts.blocked });
}

function askName(title: string, action: string, begin: string): Promise<string | null> {
  return ask<string>((answer) => ({ title, body: <Naming action={action} begin={begin} answer={answer} /> }));
}

interface NamingProps {
  action: string;
  begin: string;
  answer: (name: string | null) => void;
}

function Naming({ action, begin, answer }: NamingProps) {
  const [name, setName] = useState(begin);
  const given = name.trim();
  const isTaken = given !== begin && views().some((view) => view.name === given);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (given !== "") answer(given);
  };
  return (
    <form onSubmit={send}>
      <TextInput
        label={texts.name}
        description={isTaken ? texts.taken : texts.about}
        value={name}
        maxLength={LONGEST_NAME}
        autoComplete="off"
        data-autofocus
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Choices safe={dialog.cancel} onSafe={() => answer(null)}>
        <Button type="submit" disabled={given === ""}>
          {action}
        </Button>
      </Choices>
    </form>
  );
}
