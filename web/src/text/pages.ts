/** Names of the pages. */

export const pages = {
  home: "Home",
  jobs: "Jobs",
  job: "Job",
  sessions: "Sessions",
  session: "Session",
  recovery: "Recovery",
  health: "Health",
  settings: "Settings",
} as const;
