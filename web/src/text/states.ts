/** Words for states and marks. */

export const states: Record<string, string> = {
  pending: "Pending",
  running: "Running",
  pausing: "Pausing…",
  paused: "Paused",
  interrupted: "Interrupted",
  cancelling: "Cancelling…",
  cancelled: "Cancelled",
  completed: "Completed",
  failed: "Failed",
  rolling_back: "Rolling back",
  rolled_back: "Rolled back",
  rollback_failed: "Rollback failed",
  stalled: "Stalled",
  ok: "OK",
  warning: "Warning",
  failing: "Failing",
};
