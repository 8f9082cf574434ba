/** Palette and help sheet, and what opens them from anywhere. */

import { useEffect, useSyncExternalStore } from "react";
import { commands as texts } from "../text/commands";
import { Help } from "./help";
import { listen } from "./listener";
import { Palette } from "./palette";
import { useCommand } from "./use-command";

type Surface = "palette" | "help" | null;

const listeners = new Set<() => void>();
let shown: Surface = null;

export function show(surface: Surface): void {
  shown = surface;
  for (const listener of listeners) listener();
}

export function Surfaces() {
  const surface = useSyncExternalStore(subscribe, current, current);
  useEffect(() => listen(), []);
  const group = texts.groups.everywhere;
  useCommand({
    id: "palette",
    keys: ["mod+k", "/"],
    title: texts.helpPalette,
    scope: "everywhere",
    group,
    inFields: true,
    palette: false,
    run: () => show("palette"),
  });
  useCommand({ id: "help", keys: "?", title: texts.showHelp, scope: "everywhere", group, run: () => show("help") });
  return (
    <>
      <Palette opened={surface === "palette"} onClose={() => show(null)} />
      <Help opened={surface === "help"} onClose={() => show(null)} />
    </>
  );
}

function current(): Surface {
  return shown;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
