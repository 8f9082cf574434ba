/** Order, columns, density, export: what is chosen about the list besides its query. */

import type { Job } from "@headway/client";
import { ActionIcon, Checkbox, Menu, SegmentedControl } from "@mantine/core";
import { IconArrowsSort, IconDownload, IconLayoutColumns, IconLink } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { prefer, usePreferences } from "../../data/preferences";
import { copyText } from "../../parts/clipboard";
import { notify } from "../../parts/notices";
import { jobs as texts } from "../../text/jobs";
import { parts } from "../../text/parts";
import { SORTS, type Sort } from "./address";
import css from "./choices.module.css";
import { COLUMN_NAMES, type ColumnName, USUAL_COLUMNS } from "./columns";
import { csvOf, download, jsonOf } from "./export";

export interface ChoicesProps {
  sort: Sort;
  columns: readonly ColumnName[];
  /** Those of them that have room. */
  shown: readonly ColumnName[];
  loaded: () => Job[];
  count: number;
  onSort(sort: Sort): void;
  onColumns(columns: readonly ColumnName[]): void;
  /** What stands before them. */
  children?: ReactNode;
}

export function ListChoices({ sort, columns, shown, loaded, count, onSort, onColumns, children }: ChoicesProps) {
  return (
    <div className={css.choices}>
      {children}
      <Order sort={sort} onSort={onSort} />
      <Columns columns={columns} shown={shown} onColumns={onColumns} />
      <Export columns={columns} loaded={loaded} count={count} />
      <ActionIcon variant="default" size={36} aria-label={texts.share} title={texts.share} onClick={() => void share()}>
        <IconLink size={16} stroke={2} aria-hidden />
      </ActionIcon>
    </div>
  );
}

function Order({ sort, onSort }: { sort: Sort; onSort: (sort: Sort) => void }) {
  const label = texts.sortedBy(texts.sorts[sort]);
  return (
    <Menu position="bottom-end" transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <ActionIcon
          variant="default"
          size={36}
          aria-label={label}
          title={label}
          data-changed={sort !== "-created" || undefined}
          className={css.button}
        >
          <IconArrowsSort size={16} stroke={2} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {SORTS.map((one) => (
          <Menu.Item
            key={one}
            role="menuitemradio"
            aria-checked={one === sort}
            className={css.item}
            onClick={() => onSort(one)}
          >
            {texts.sorts[one]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

interface ColumnsProps {
  columns: readonly ColumnName[];
  shown: readonly ColumnName[];
  onColumns: (columns: readonly ColumnName[]) => void;
}

function Columns({ columns, shown, onColumns }: ColumnsProps) {
  const { density } = usePreferences();
  const toggle = (name: ColumnName) =>
    onColumns(COLUMN_NAMES.filter((one) => (one === name ? !columns.includes(one) : columns.includes(one))));
  return (
    <Menu position="bottom-end" closeOnItemClick={false} transitionProps={{ duration: 0 }} trapFocus>
      <Menu.Target>
        <ActionIcon
          variant="default"
          size={36}
          aria-label={texts.columnsAndDensity}
          title={texts.columnsAndDensity}
          className={css.button}
        >
          <IconLayoutColumns size={16} stroke={2} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown className={css.columns}>
        <Menu.Label>{texts.density}</Menu.Label>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label={texts.density}
          value={density}
          onChange={(value) => prefer({ density: value === "compact" ? "compact" : "comfortable" })}
          data={[
            { value: "comfortable", label: texts.comfortable },
            { value: "compact", label: texts.compact },
          ]}
        />
        <Menu.Divider />
        {COLUMN_NAMES.map((name) => (
          <Checkbox
            key={name}
            size="xs"
            className={css.column}
            label={
              columns.includes(name) && !shown.includes(name)
                ? `${texts.columns[name]} (${texts.noRoom})`
                : texts.columns[name]
            }
            checked={columns.includes(name)}
            disabled={columns.length === 1 && columns.includes(name)}
            onChange={() => toggle(name)}
          />
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => onColumns(USUAL_COLUMNS)}>{texts.usualColumns}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function Export({ columns, loaded, count }: { columns: readonly ColumnName[]; loaded: () => Job[]; count: number }) {
  return (
    <Menu position="bottom-end" transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <ActionIcon variant="default" size={36} aria-label={texts.export} title={texts.export} disabled={count === 0}>
          <IconDownload size={16} stroke={2} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => download("jobs.csv", csvOf(loaded(), columns), "text/csv")}>
          {texts.exportAs("CSV", count)}
        </Menu.Item>
        <Menu.Item onClick={() => download("jobs.json", jsonOf(loaded(), columns), "application/json")}>
          {texts.exportAs("JSON", count)}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

async function share(): Promise<void> {
  const done = await copyText(window.location.href);
  notify(done ? { text: texts.linkCopied } : { tone: "bad", text: parts.copyFailed });
}
