/** A state or a mark: told by shape, word and colour, never by colour alone. */

import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconCheck,
  IconCircleDashed,
  IconCircleMinus,
  IconClockPause,
  IconHourglass,
  IconPlayerPause,
  IconPlayerPlayFilled,
  IconPlayerStop,
  IconPlugConnectedX,
  IconX,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import { states } from "../text/states";
import css from "./status.module.css";

type Tone = "active" | "waiting" | "held" | "good" | "bad" | "off" | "back";
type Shape = ComponentType<{ size?: number | string; stroke?: number; "aria-hidden"?: boolean }>;

const LOOKS: Record<string, { tone: Tone; shape: Shape }> = {
  pending: { tone: "waiting", shape: IconCircleDashed },
  running: { tone: "active", shape: IconPlayerPlayFilled },
  pausing: { tone: "held", shape: IconClockPause },
  paused: { tone: "held", shape: IconPlayerPause },
  interrupted: { tone: "held", shape: IconPlugConnectedX },
  cancelling: { tone: "off", shape: IconPlayerStop },
  cancelled: { tone: "off", shape: IconCircleMinus },
  completed: { tone: "good", shape: IconCheck },
  failed: { tone: "bad", shape: IconX },
  rolling_back: { tone: "back", shape: IconArrowBackUp },
  rolled_back: { tone: "back", shape: IconArrowBackUp },
  rollback_failed: { tone: "bad", shape: IconAlertTriangle },
  stalled: { tone: "held", shape: IconHourglass },
  ok: { tone: "good", shape: IconCheck },
  warning: { tone: "held", shape: IconAlertTriangle },
  failing: { tone: "bad", shape: IconX },
};

const UNKNOWN = { tone: "off", shape: IconCircleDashed } as const;

export interface StatusProps {
  state: string;
  /** Said instead of the state's own word, such as "Pausing…" before the server has answered. */
  label?: string;
  /** Only the shape, with the word for screen readers. */
  brief?: boolean;
}

export function Status({ state, label, brief = false }: StatusProps) {
  const { tone, shape: Icon } = LOOKS[state] ?? UNKNOWN;
  const word = label ?? states[state] ?? state;
  return (
    <span
      className={css.status}
      data-state={state}
      data-tone={tone}
      data-brief={brief || undefined}
      title={brief ? word : undefined}
    >
      <Icon size={14} stroke={2.2} aria-hidden />
      <span className={brief ? css.hidden : undefined}>{word}</span>
    </span>
  );
}
