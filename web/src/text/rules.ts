/** Texts of the rules by which interrupted jobs go on by themselves. */

export const rules = {
  title: "Types that always go on",
  intro:
    "Interrupted jobs of these types are resumed by themselves, because somebody said so. Each tells it in its events; after three losses without new durable progress a job fails all the same.",
  failed: "The rules",
  none: "None. “Always resume this type” at an interrupted job on Recovery makes one.",
  made: (who: string | null) => (who === null ? "made" : `made by ${who}`),
  always: "Always resume this type",
  alwaysTitle: (type: string) => `Always resume jobs of ${type}?`,
  alwaysBody:
    "All its interrupted jobs go on by themselves, now and from now on, whatever they do again from their last checkpoint. The rule can be taken back here and in the settings.",
  alwaysAction: "Always resume",
  done: (type: string) => `Interrupted jobs of ${type} go on by themselves from now on.`,
  remove: "Take back",
  removeOf: (type: string) => `Take back the rule for ${type}`,
  removed: (type: string) => `Interrupted jobs of ${type} wait for a person again.`,
} as const;
