/** Keys by name: "k", "?", "mod+k" (Ctrl or Cmd), "Shift+Enter", "Escape", and one after the other: "g h". */

/** A stroke is what one press of a key is called; null for a modifier alone. */
export function strokeOf(
  event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">,
): string | null {
  if (["Shift", "Control", "Alt", "Meta", "AltGraph", "Dead"].includes(event.key)) return null;
  const key = event.key === " " ? "Space" : event.key;
  const mod = event.ctrlKey || event.metaKey;
  const shift = event.shiftKey && (key.length > 1 || mod);
  return `${mod ? "mod+" : ""}${event.altKey ? "alt+" : ""}${shift ? "Shift+" : ""}${mod ? key.toLowerCase() : key}`;
}

/** A single character: what may be switched off, because dictation and stray keys type them too. */
export function isCharacter(stroke: string): boolean {
  return [...stroke].length === 1;
}

/** Keys that already mean something on a button or link: they are left alone there. */
export function isPressing(stroke: string): boolean {
  return ["Enter", "Space"].includes(stroke);
}

const MAC = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.userAgent);
const NAMES: Record<string, string> = {
  mod: MAC ? "⌘" : "Ctrl",
  alt: MAC ? "⌥" : "Alt",
  Escape: "Esc",
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
};

/** The caps to draw for keys: [["Ctrl", "K"]] for "mod+k", [["G"], ["H"]] for "g h". */
export function capsOf(keys: string): string[][] {
  return keys.split(" ").map((stroke) => (stroke === "+" ? ["+"] : stroke.split("+").map(named)));
}

function named(key: string, _: number, all: string[]): string {
  const name = NAMES[key] ?? key;
  return all.length > 1 && name.length === 1 ? name.toUpperCase() : name;
}
