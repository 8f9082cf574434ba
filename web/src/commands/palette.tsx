/** One box for everything: what can be done here, the pages, and jobs by any id. */

import { Modal } from "@mantine/core";
import { IconArrowRight, IconBolt, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useDeferredValue, useEffect, useId, useState } from "react";
import { newestJobs, search, sessionsToAsk } from "../data/search";
import { Hidden } from "../parts/hidden";
import { Status } from "../parts/status";
import { commands as texts } from "../text/commands";
import { Caps } from "./caps";
import { type Choice, fitting, ofFound, ofJobs, ofSessions } from "./choices";
import css from "./palette.module.css";
import { useRegistered } from "./use-command";

export interface PaletteProps {
  opened: boolean;
  onClose: () => void;
}

export function Palette({ opened, onClose }: PaletteProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      withCloseButton={false}
      size="38rem"
      yOffset="12vh"
      padding={0}
      transitionProps={{ duration: 0 }}
      attributes={{ content: { "aria-label": texts.palette } }}
      classNames={{ content: css.content, body: css.body }}
    >
      <Box onClose={onClose} />
    </Modal>
  );
}

function Box({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const list = useId();
  const { choices, state } = useChoices(text);
  const choose = useChoose(onClose);
  const chosen = choices[Math.min(at, choices.length - 1)];
  const press = (event: KeyboardEvent) => {
    const moved = step(event.key, Math.min(at, choices.length - 1), choices.length);
    if (moved !== null) setAt(moved);
    else if (event.key === "Enter" && chosen !== undefined) choose(chosen);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <div className={css.top}>
        <IconSearch size={16} stroke={2} aria-hidden />
        <input
          data-autofocus
          className={css.input}
          role="combobox"
          aria-label={texts.palette}
          aria-expanded
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={chosen && idOf(list, chosen)}
          placeholder={texts.field}
          value={text}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => {
            setText(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={press}
        />
      </div>
      <Options id={list} choices={choices} chosen={chosen} onChoose={choose} />
      {choices.length === 0 && <div className={css.none}>{state}</div>}
      <span role="status">
        <Hidden>{text === "" ? "" : choices.length === 0 ? state : texts.results(choices.length)}</Hidden>
      </span>
      <Foot />
    </>
  );
}

interface OptionsProps {
  id: string;
  choices: readonly Choice[];
  chosen: Choice | undefined;
  onChoose: (choice: Choice) => void;
}

function Options({ id, choices, chosen, onChoose }: OptionsProps) {
  const sections = [...new Set(choices.map((choice) => choice.section))];
  return (
    <div id={id} role="listbox" aria-label={texts.palette} className={choices.length > 0 ? css.list : undefined}>
      {sections.map((section) => (
        // biome-ignore lint/a11y/useSemanticElements: a group of options, not of fields
        <div key={section} role="group" aria-label={section}>
          <div className={css.heading} aria-hidden>
            {section}
          </div>
          {choices
            .filter((choice) => choice.section === section)
            .map((choice) => (
              <Option
                key={choice.id}
                id={idOf(id, choice)}
                choice={choice}
                selected={choice === chosen}
                onChoose={onChoose}
              />
            ))}
        </div>
      ))}
    </div>
  );
}

interface OptionProps {
  id: string;
  choice: Choice;
  selected: boolean;
  onChoose: (choice: Choice) => void;
}

function Option({ id, choice, selected, onChoose }: OptionProps) {
  useEffect(() => {
    if (selected) document.getElementById(id)?.scrollIntoView({ block: "nearest" });
  }, [selected, id]);
  const Icon = choice.command === undefined ? IconArrowRight : IconBolt;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus and hears the keys
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      className={css.option}
      onClick={() => onChoose(choice)}
    >
      {choice.state === undefined ? <Icon size={14} stroke={2} aria-hidden /> : <Status state={choice.state} brief />}
      <span className={css.title}>{choice.title}</span>
      <span className={css.more}>{choice.more}</span>
      {choice.keys !== undefined && <Caps keys={choice.keys} />}
    </div>
  );
}

function Foot() {
  return (
    <div className={css.foot} aria-hidden>
      <span>
        <Caps keys="ArrowUp" /> <Caps keys="ArrowDown" /> {texts.foot.move}
      </span>
      <span>
        <Caps keys="Enter" /> {texts.foot.open}
      </span>
      <span>
        <Caps keys="Escape" /> {texts.foot.close}
      </span>
    </div>
  );
}

/** What fits now; jobs come a moment later than what is known here. */
function useChoices(text: string): { choices: Choice[]; state: string } {
  const asked = useDeferredValue(text.trim());
  const commands = fitting(useRegistered(), text);
  const recent = useQuery({
    queryKey: ["palette", "newest"],
    queryFn: ({ signal }) => newestJobs(signal),
    enabled: asked === "",
  });
  const found = useQuery({
    queryKey: ["palette", "search", asked],
    queryFn: ({ signal }) => search(asked, signal),
    enabled: asked !== "",
    placeholderData: (before) => before,
  });
  const sessions = useQuery({ queryKey: ["palette", "sessions"], queryFn: ({ signal }) => sessionsToAsk(signal) });
  if (asked === "") return { choices: [...ofJobs(recent.data ?? []), ...commands], state: texts.searching };
  const jobs = found.data === undefined ? [] : ofFound(found.data);
  const ofThem = ofSessions(sessions.data ?? [], asked);
  const all: Choice = {
    id: "all jobs",
    section: texts.sections.jobs,
    title: texts.allJobs(asked),
    to: { to: "/jobs", search: { q: asked } },
  };
  const state = found.isError ? texts.failed : found.isFetching ? texts.searching : texts.nothing;
  return {
    choices: [...jobs.filter(isFound), ...commands, ...ofThem, ...jobs.filter((one) => !isFound(one)), all],
    state,
  };
}

function isFound(choice: Choice): boolean {
  return choice.section === texts.sections.found;
}

function useChoose(onClose: () => void): (choice: Choice) => void {
  const navigate = useNavigate();
  return (choice) => {
    onClose();
    if (choice.to !== undefined) navigate(choice.to);
    // A command may open a dialog or move the focus: after the palette has given it back.
    else setTimeout(() => choice.command?.run());
  };
}

function step(key: string, at: number, length: number): number | null {
  if (length === 0) return null;
  if (key === "ArrowDown") return (at + 1) % length;
  if (key === "ArrowUp") return (at - 1 + length) % length;
  return null;
}

function idOf(list: string, choice: Choice): string {
  return `${list}-${choice.id.replace(/\W+/g, "-")}`;
}
