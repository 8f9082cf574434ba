/** Types whose interrupted jobs go on by themselves because somebody said so: made, listed and taken back. */

import type { components } from "@headway/client";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { client } from "../data/client";
import { queries } from "../data/queries";
import { useLost } from "../data/signal";
import { recovery } from "../text/recovery";
import { rules as texts } from "../text/rules";
import { confirm } from "./confirm";
import { Moment } from "./moment";
import { notify } from "./notices";
import css from "./recovery-rules.module.css";
import { Trouble, told } from "./trouble";

type Rule = components["schemas"]["RecoveryRule"];

const EVERY_MS = 10_000;

export function useRecoveryRules() {
  return useQuery({
    // Where what waits is read anew, the rules are: the one changes the other.
    queryKey: ["recovery", "rules"],
    queryFn: async ({ signal }) => (await client.rest.GET("/api/v1/recovery/rules", { signal })).data.rules,
    refetchInterval: EVERY_MS,
  });
}

/** The rules as a list; `none` is said where there is none. */
export function RecoveryRules({ none }: { none?: string }) {
  const { data, error, refetch } = useRecoveryRules();
  return (
    <>
      <Trouble error={error} what={texts.failed} onRetry={() => void refetch()} />
      {data?.length === 0 && none !== undefined && <p className={css.none}>{none}</p>}
      {data !== undefined && data.length > 0 && (
        <ul className={css.rules}>
          {data.map((rule) => (
            <RuleLine key={rule.type} rule={rule} />
          ))}
        </ul>
      )}
    </>
  );
}

function RuleLine({ rule: { type, who, made_at, reason } }: { rule: Rule }) {
  const lost = useLost();
  return (
    <li className={css.rule} data-rule={type}>
      <span className={css.words}>
        <span className={css.type}>{type}</span>
        <span className={css.about}>
          {texts.made(who)} <Moment at={made_at} />
          {reason !== null && `: ${reason}`}
        </span>
      </span>
      <Button
        size="compact-xs"
        variant="default"
        disabled={lost}
        title={lost ? recovery.offline : undefined}
        aria-label={texts.removeOf(type)}
        onClick={() => void takeBack(type, reason)}
      >
        {texts.remove}
      </Button>
    </li>
  );
}

/** Asks, and makes a rule for the type. */
export async function alwaysResume(type: string): Promise<void> {
  const question = { title: texts.alwaysTitle(type), body: texts.alwaysBody, action: texts.alwaysAction };
  if (await confirm(question)) await change(() => make(type, null), { text: texts.done(type) });
}

async function takeBack(type: string, reason: string | null): Promise<void> {
  const undo = () => void change(() => make(type, reason), { text: texts.done(type) });
  const path = { type };
  await change(() => client.rest.DELETE("/api/v1/recovery/rules/{type}", { params: { path } }), {
    text: texts.removed(type),
    undo,
  });
}

function make(type: string, reason: string | null): Promise<unknown> {
  return client.rest.PUT("/api/v1/recovery/rules/{type}", { params: { path: { type } }, body: { reason } });
}

async function change(work: () => Promise<unknown>, done: Parameters<typeof notify>[0]): Promise<void> {
  try {
    await work();
    notify(done);
  } catch (error) {
    const { title, text, requestId } = told(error);
    notify({ tone: "bad", title, text, requestId });
  }
  await queries.invalidateQueries({ queryKey: ["recovery"] });
}
