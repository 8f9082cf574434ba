/** Texts of the form for signing in. */

export const signIn = {
  title: "Sign in",
  text: "This server asks for its token. It stands in the file that was given to",
  command: "headway serve --token-file",
  field: "Token",
  button: "Sign in",
  busy: "Signing in…",
  kept: "Kept for 8 hours in a cookie that no script can read. The token itself is not stored.",
  empty: "Type or paste the token.",
} as const;
