/** How a person reads logs: kept for the browser. */

import { useCallback, useState } from "react";

const KEY = "headway.log";

export interface LogChoices {
  times: "off" | "relative" | "absolute";
  wrap: boolean;
}

const DEFAULTS: LogChoices = { times: "relative", wrap: false };

export function useLogChoices(): [LogChoices, (chosen: Partial<LogChoices>) => void] {
  const [choices, setChoices] = useState(read);
  const choose = useCallback((chosen: Partial<LogChoices>) => {
    setChoices((before) => {
      const after = { ...before, ...chosen };
      write(after);
      return after;
    });
  }, []);
  return [choices, choose];
}

function read(): LogChoices {
  try {
    return { ...DEFAULTS, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<LogChoices>) };
  } catch {
    return DEFAULTS; // storage is off, or holds something else
  }
}

function write(choices: LogChoices): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(choices));
  } catch {
    // Storage is full or off: the choice holds until the page is left.
  }
}
