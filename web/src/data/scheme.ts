/** Light, dark or as the system has it: Mantine asks here, people choose in the settings. */

import type { MantineColorScheme, MantineColorSchemeManager } from "@mantine/core";
import { prefer, preferences, subscribe } from "./preferences";

const toScheme = (theme: string): MantineColorScheme => (theme === "light" || theme === "dark" ? theme : "auto");

let unsubscribe = () => {};

export const schemeManager: MantineColorSchemeManager = {
  get: () => toScheme(preferences().theme),
  // Mantine sets what it was told by update(), too; to prefer it again would tell it again, without end.
  set: (scheme) => {
    if (scheme !== toScheme(preferences().theme)) prefer({ theme: scheme === "auto" ? "system" : scheme });
  },
  subscribe: (update) => {
    unsubscribe = subscribe(() => update(toScheme(preferences().theme)));
  },
  unsubscribe: () => unsubscribe(),
  clear: () => prefer({ theme: "system" }),
};
