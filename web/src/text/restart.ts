/** Texts of a job that is begun once more with another input. */

export const restart = {
  label: "Restart with another input…",
  title: (number: number) => `Restart job #${number} with another input?`,
  about: "A new job like it, from the start; this one stays as it is.",
  secrets: 'A secret that stands here as {"$secret": "***"} stays what it was.',
  action: "Restart",
  safe: "Not now",
} as const;
