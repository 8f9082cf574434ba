/** The shape of each state, so that colour is never alone. Paths in a square of 16. */

const PLAY = "M4.5 2.8v10.4L13 8z";
const PAUSE = "M4 3h3v10H4zM9 3h3v10H9z";
const STOP = "M3.5 3.5h9v9h-9z";
const CHECK = "M6.4 12.6 2 8.2l1.5-1.5 2.9 2.9 6.1-6.1L14 5z";
const CROSS = "m8 6.5 3.9-3.9 1.5 1.5L9.5 8l3.9 3.9-1.5 1.5L8 9.5l-3.9 3.9-1.5-1.5L6.5 8 2.6 4.1l1.5-1.5z";
const RING = "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2m0 1.8a4.2 4.2 0 1 0 0 8.4 4.2 4.2 0 0 0 0-8.4";
const MINUS = "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13M4.5 7v2h7V7z";
const BACK = "M6.5 2.5v3H9a4.5 4.5 0 0 1 0 9H5v-2h4a2.5 2.5 0 0 0 0-5H6.5v3L2 6.5z";
const BREAK = "M2 7h4v2H2zm8 0h4v2h-4zM7.2 4.5 6 2.8l1.4-.9 1.1 1.7zm1.6 7 1.2 1.7-1.4.9-1.1-1.7z";
const ALARM = "M8 1.5 15 14H1zM7.2 6v4h1.6V6zm0 5v1.6h1.6V11z";

const SHAPES: Record<string, string> = {
  pending: RING,
  running: PLAY,
  pausing: PAUSE,
  paused: PAUSE,
  interrupted: BREAK,
  cancelling: STOP,
  cancelled: MINUS,
  completed: CHECK,
  failed: CROSS,
  rolling_back: BACK,
  rolled_back: BACK,
  rollback_failed: ALARM,
};

export function shapeOf(state: string): string {
  return SHAPES[state] ?? RING;
}
