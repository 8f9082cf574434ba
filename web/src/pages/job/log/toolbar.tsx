/** What can be chosen above a log: search, levels, times, wrapping, following, other forms. */

import { ActionIcon, Button, Chip, Group, Loader, SegmentedControl, TextInput, Tooltip } from "@mantine/core";
import {
  IconArrowBarToDown,
  IconChevronDown,
  IconChevronUp,
  IconDownload,
  IconFileText,
  IconFold,
  IconSearch,
  IconTextWrap,
} from "@tabler/icons-react";
import type { KeyboardEvent, ReactNode, RefObject } from "react";
import { log } from "../../../text/job/log";
import type { LogChoices } from "./choices";
import css from "./log.module.css";
import type { Search } from "./search";

export const LEVELS = ["debug", "info", "warning", "error", "critical"] as const;

/** Room for "1,234 of 56,789". */
const MATCHES_PX = 104;

interface ToolbarProps {
  search: Search;
  searchField: RefObject<HTMLInputElement | null>;
  levels: readonly string[];
  setLevels: (levels: string[]) => void;
  choices: LogChoices;
  choose: (chosen: Partial<LogChoices>) => void;
  following: boolean;
  toEnd: () => void;
  folds: { some: boolean; all: boolean; toggle: () => void };
  isPlain: boolean;
  setPlain: (plain: boolean) => void;
  rawAddress: string;
}

export function Toolbar(props: ToolbarProps) {
  return (
    <div className={css.toolbar} role="toolbar" aria-label={log.title}>
      <SearchField {...props} />
      <Chip.Group multiple value={[...props.levels]} onChange={props.setLevels}>
        <Group gap={4} role="group" aria-label={log.levels}>
          {LEVELS.map((level) => (
            <Chip key={level} value={level} size="xs" variant="outline" radius="sm" classNames={{ label: css.chip }}>
              {log.level[level]}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      <Group gap={4} ml="auto">
        <SegmentedControl
          size="xs"
          aria-label={log.times}
          value={props.choices.times}
          onChange={(times) => props.choose({ times: times as LogChoices["times"] })}
          data={[
            { value: "off", label: log.timesOff },
            { value: "relative", label: log.timesRelative },
            { value: "absolute", label: log.timesAbsolute },
          ]}
        />
        <Tool label={log.wrap} pressed={props.choices.wrap} onClick={() => props.choose({ wrap: !props.choices.wrap })}>
          <IconTextWrap size={16} aria-hidden />
        </Tool>
        {props.folds.some && (
          <Tool
            label={props.folds.all ? log.unfoldAll : log.foldAll}
            pressed={props.folds.all}
            onClick={props.folds.toggle}
          >
            <IconFold size={16} aria-hidden />
          </Tool>
        )}
        <Tool label={log.plain} pressed={props.isPlain} onClick={() => props.setPlain(!props.isPlain)}>
          <IconFileText size={16} aria-hidden />
        </Tool>
        <Tooltip label={log.raw}>
          <ActionIcon component="a" href={props.rawAddress} download aria-label={log.raw} variant="subtle" color="gray">
            <IconDownload size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
        <Button
          size="compact-xs"
          variant={props.following ? "light" : "default"}
          aria-pressed={props.following}
          leftSection={<IconArrowBarToDown size={14} aria-hidden />}
          onClick={props.toEnd}
        >
          {log.follow}
        </Button>
      </Group>
    </div>
  );
}

function SearchField({ search, searchField }: ToolbarProps) {
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Enter") {
      event.preventDefault();
      search.step(event.shiftKey ? -1 : 1);
    } else if (event.key === "Escape") {
      search.setText("");
    }
  };
  const hasText = search.text.trim() !== "";
  const isEmpty = !search.isSearching && search.total === 0;
  const found = (
    <span className={css.matches} role="status">
      {hasText &&
        (search.isSearching ? <Loader size={12} aria-label={log.searching} /> : log.matches(search.at, search.total))}
    </span>
  );
  return (
    <div className={css.search}>
      <TextInput
        ref={searchField}
        size="xs"
        type="search"
        aria-label={log.search}
        placeholder={log.searchShort}
        className={css.field}
        leftSection={<IconSearch size={14} aria-hidden />}
        rightSection={found}
        rightSectionWidth={hasText ? MATCHES_PX : 0}
        rightSectionPointerEvents="none"
        value={search.text}
        onChange={(event) => search.setText(event.currentTarget.value)}
        onKeyDown={onKey}
      />
      <Tool label={log.previous} disabled={!hasText || isEmpty} onClick={() => search.step(-1)}>
        <IconChevronUp size={16} aria-hidden />
      </Tool>
      <Tool label={log.next} disabled={!hasText || isEmpty} onClick={() => search.step(1)}>
        <IconChevronDown size={16} aria-hidden />
      </Tool>
    </div>
  );
}

interface ToolProps {
  label: string;
  pressed?: boolean | undefined;
  disabled?: boolean | undefined;
  onClick: () => void;
  children: ReactNode;
}

function Tool({ label, pressed, disabled = false, onClick, children }: ToolProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant={pressed ? "light" : "subtle"}
        {...(pressed ? {} : { color: "gray" })}
        aria-label={label}
        aria-pressed={pressed}
        disabled={disabled}
        onClick={onClick}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
