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
  notices: "Notices",
  undo: "Undo",
  dismiss: "Dismiss",
  request: "Request",
  theRequestId: "the request id",
  lost: (seconds: string) => `Live updates lost ${seconds} ago, retrying`,
  lostNow: "Live updates lost, retrying",
  denied: "Live updates are refused: sign in again.",
  tryNow: "Retry now",
  updated: (release: string) => `Headway was updated to ${release}. Reload the page when it suits you.`,
  back: "Live updates are back.",
} as const;

export const ownSession = {
  label: "This browser's session",
  link: "This browser",
  failed: "Failed to fetch session info",
  connected: "Connected",
  notConnected: "Not connected",
} as const;

export const dialog = { cancel: "Keep as it is", close: "Close" } as const;
