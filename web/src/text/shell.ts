/** Texts of what stands around every page. */

export const shell = {
  name: "Headway",
  skip: "Skip to the content",
  navigation: "Pages",
  menu: "Pages",
  search: "Search or go to…",
  searchLabel: "Search jobs, pages and actions",
  running: (n: string) => `${n} running`,
  failed: (n: string) => `${n} failed`,
  interrupted: (n: string) => `${n} interrupted`,
  help: "Keys",
  theme: "Colours",
  themes: { system: "Like the system", light: "Light", dark: "Dark" },
  notices: "Notices",
  undo: "Undo",
  dismiss: "Dismiss",
  request: "Request",
  theRequestId: "the request id",
  lost: (seconds: string) => `Live updates lost ${seconds} ago, retrying`,
  lostNow: "Live updates lost, retrying",
  offline: (seconds: string) => `No network since ${seconds}. It goes on by itself when it is back.`,
  denied: "Live updates are refused: sign in again.",
  tryNow: "Retry now",
  back: "Live updates are back.",
  live: "Live",
  connecting: "Connecting…",
  notLive: "Not live",
} as const;

export const dialog = { cancel: "Keep as it is", close: "Close" } as const;
