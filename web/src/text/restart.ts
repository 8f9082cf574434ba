/** Texts of a job that is begun once more with another input. */

export const restart = {
  label: "Restart with another input…",
  title: (number: number) => `Restart job #${number} with another input?`,
  about: "A new job like it, from the start; this one stays as it is.",
  input: "Input as JSON",
  secrets: 'A secret that stands here as {"$secret": "***"} stays what it was.',
  wrong: "An input is a JSON object: it begins with { and ends with }, and its names stand in double quotes.",
  action: "Restart",
  safe: "Not now",
} as const;
