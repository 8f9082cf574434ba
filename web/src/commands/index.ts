/** Commands: one registry makes the keys, the palette, the help sheet and the tooltips. */

export { Caps } from "./caps";
export { Hint } from "./hint";
export type { Command } from "./registry";
export { useCommand } from "./use-command";
