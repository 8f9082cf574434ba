/** Texts for what is done with many jobs at once. */

export const bulk = {
  started: (name: string, number: number) => `${name}: job #${number} does it`,
  open: "Open it",
  failed: "The bulk action could not be started",
} as const;
