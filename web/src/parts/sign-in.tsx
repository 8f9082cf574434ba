/** The form for the server's token. */

import { Button, PasswordInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { signIn } from "../data/sign-in";
import { signIn as texts } from "../text/sign-in";
import { useDocumentTitle } from "./page-head";
import css from "./sign-in.module.css";
import { told } from "./trouble";

export function SignIn() {
  useDocumentTitle(texts.title);
  const [token, setToken] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (token.trim() === "") return setProblem(texts.empty);
    setBusy(true);
    setProblem(null);
    try {
      await signIn(token);
    } catch (error) {
      setProblem(told(error).text);
    } finally {
      setBusy(false);
    }
  };
  return (
    <main className={css.place}>
      <form className={css.form} onSubmit={submit}>
        <img src="./assets/headway.svg" alt="" width={32} height={32} />
        <h1>{texts.title}</h1>
        <p className={css.quiet}>
          {texts.text} <code className={css.code}>{texts.command}</code>.
        </p>
        <PasswordInput
          label={texts.field}
          value={token}
          onChange={(event) => setToken(event.currentTarget.value)}
          error={problem}
          autoComplete="current-password"
          // There is nothing else on this page to read or to do first.
          autoFocus
        />
        <Button type="submit" loading={busy}>
          {busy ? texts.busy : texts.button}
        </Button>
        <p className={css.quiet}>{texts.kept}</p>
      </form>
    </main>
  );
}
