/** A tooltip that says what a button does and by which keys, as the registry has it. */

import { Group, Tooltip } from "@mantine/core";
import type { ReactElement } from "react";
import { usePreferences } from "../data/preferences";
import { Caps } from "./caps";
import { isCharacter } from "./keys";
import { keysOf } from "./registry";
import { useRegistered } from "./use-command";

export interface HintProps {
  /** The id of the command that the child gives. */
  command: string;
  /** What to say where it has no keys or is not there now; without it there is no tooltip then. */
  title?: string;
  children: ReactElement;
}

export function Hint({ command, title, children }: HintProps) {
  const { shortcuts } = usePreferences();
  const known = useRegistered().find((one) => one.id === command);
  const first = known === undefined ? undefined : keysOf(known)[0];
  const keys = first !== undefined && (shortcuts || !isCharacter(first.split(" ")[0] ?? "")) ? first : undefined;
  const words = known?.title ?? title;
  const label = (
    <Group gap={8} wrap="nowrap">
      {words}
      {keys !== undefined && <Caps keys={keys} />}
    </Group>
  );
  return (
    <Tooltip
      label={label}
      disabled={words === undefined}
      events={{ hover: true, focus: true, touch: false }}
      openDelay={400}
    >
      {children}
    </Tooltip>
  );
}
