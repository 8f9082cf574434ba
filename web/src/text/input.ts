/** Texts of the field that takes a job's input. */

export const input = {
  label: "Input as JSON",
  wrong: "An input is a JSON object: it begins with { and ends with }, and its names stand in double quotes.",
} as const;
