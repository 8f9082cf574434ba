/** Texts of the settings. */

export const settings = {
  sub: "Kept in this browser. All its tabs follow at once.",
  look: "Look",
  theme: {
    label: "Colours",
    text: "The system's choice is followed live.",
    system: "System",
    light: "Light",
    dark: "Dark",
  },
  density: { label: "Rows", text: "How close the rows of lists are.", comfortable: "Comfortable", compact: "Compact" },
  motion: {
    label: "Motion",
    text: "Bars and menus move for less than a third of a second. Where the system asks for less, nothing does.",
    system: "System",
    less: "Less",
  },
  time: "Time",
  zone: {
    label: "Time zone",
    text: "For all times. The other one stands beside it when you point at a time.",
    local: (zone: string) => `Local (${zone})`,
    UTC: "UTC",
  },
  example: "Now",
  keys: "Keyboard",
  shortcuts: {
    label: "Single keys",
    text: "Such as j, k, p and g h. Off where they get in the way of dictation or other tools; Ctrl-K stays.",
  },
  showKeys: "Show all keys",
  session: "Session of this browser",
  sessionText:
    "Jobs that you start here belong to this session. A cookie that no script can read keeps it; another browser has another one.",
  id: "Session",
  idle: "Closed after",
  idleText: (time: string) => `${time} without use, never with open jobs`,
  never: "Never closed by itself",
  open: "Open jobs",
  config: "Configuration",
  version: (n: number) => `version ${n}`,
  theSession: "the session's id",
  account: "Sign-in",
  signedIn: "This browser has shown the server's token, and stays signed in for 8 hours.",
  notNeeded: "This server asks for no token: it answers this machine alone.",
  signOut: "Sign out",
} as const;
