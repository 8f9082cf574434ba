/** How long ended jobs stay, what goes by itself, and what another rule would delete. */

import type { components } from "@headway/client";
import { NumberInput, SegmentedControl, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { client } from "../../data/client";
import { Command } from "../../parts/command";
import { Trouble } from "../../parts/trouble";
import { Waiting } from "../../parts/waiting";
import { retention as texts } from "../../text/retention";
import { Row, Section } from "./row";
import css from "./settings.module.css";

type Rule = components["schemas"]["RetentionRule"];
type Kind = Rule["kind"];

const EVERY_MS = 30_000;
const REST_MS = 300;
const DAY_S = 86_400;
const KINDS: readonly Kind[] = ["type", "session"];

export function Retention() {
  const { data, error, refetch } = useQuery({
    queryKey: ["retention", "rules"],
    queryFn: async ({ signal }) => (await client.rest.GET("/api/v1/retention", { signal })).data,
    refetchInterval: EVERY_MS,
  });
  return (
    <Section name="retention" title={texts.title} intro={texts.intro}>
      <Trouble error={error} what={texts.failed} onRetry={() => void refetch()} />
      {data === undefined && error === null && <Waiting lines={3} />}
      {data !== undefined && (
        <>
          {data.rules.length === 0 && <p className={css.note}>{texts.none}</p>}
          {data.rules.map((rule) => (
            <RuleRow key={`${rule.kind} ${rule.name}`} rule={rule} />
          ))}
          {data.rules.length > 1 && (
            <Row label={texts.total}>
              <Going due={data.due} soon={data.within_day} />
            </Row>
          )}
          <Row label={texts.pinned} text={texts.pinnedText}>
            <span className="hw-figures">{texts.pinnedCount(data.pinned)}</span>
          </Row>
          {data.more && <p className={css.note}>{texts.more}</p>}
        </>
      )}
      <Trial />
    </Section>
  );
}

function RuleRow({ rule }: { rule: Rule }) {
  return (
    <div className={css.row} data-rule={rule.name}>
      <div className={css.words}>
        <div className={css.label}>
          {texts.kind[rule.kind]}{" "}
          {rule.kind === "session" ? (
            <Link to="/sessions/$id" params={{ id: rule.name }}>
              {rule.name}
            </Link>
          ) : (
            <Link to="/jobs" search={{ q: `type:${JSON.stringify(rule.name)}`, sort: "-ended" }}>
              {rule.name}
            </Link>
          )}
        </div>
        <div className={css.text}>{texts.kept(rule.keep_s)}</div>
      </div>
      <Going due={rule.due} soon={rule.within_day} />
    </div>
  );
}

function Going({ due, soon }: { due: number; soon: number }) {
  return (
    <span className="hw-figures">
      {due > 0 && `${texts.due(due)}, `}
      {texts.soon(soon)}
    </span>
  );
}

/** A rule that might be: told before somebody makes it. */
function Trial() {
  const [kind, setKind] = useState<Kind>("type");
  const [name, setName] = useState("");
  const [days, setDays] = useState<string | number>(30);
  const whole = typeof days === "number" && days > 0 ? days : null;
  return (
    <div className={css.trial}>
      <div className={css.words}>
        <h3 className={css.label}>{texts.tried}</h3>
        <div className={css.text}>{texts.triedText}</div>
      </div>
      <div className={css.fields}>
        <SegmentedControl
          size="xs"
          aria-label={texts.of}
          transitionDuration={0}
          classNames={{ control: css.holder ?? "", input: css.cover ?? "" }}
          value={kind}
          data={KINDS.map((one) => ({ value: one, label: texts.kind[one] }))}
          onChange={(chosen) => setKind(chosen as Kind)}
        />
        <TextInput
          size="xs"
          label={texts.name[kind]}
          value={name}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <NumberInput size="xs" label={texts.days} value={days} min={0} max={36_500} onChange={setDays} />
      </div>
      {name.trim() !== "" && whole !== null && <WouldGo kind={kind} name={name.trim()} days={whole} />}
    </div>
  );
}

function WouldGo({ kind, name, days }: { kind: Kind; name: string; days: number }) {
  const [asked] = useDebouncedValue(`${kind} ${days} ${name}`, REST_MS);
  const query = { keep_s: days * DAY_S, [kind]: name };
  const { data, error, isPlaceholderData, refetch } = useQuery({
    queryKey: ["retention", "would go", query],
    queryFn: async ({ signal }) =>
      (await client.rest.GET("/api/v1/retention/preview", { params: { query }, signal })).data,
    placeholderData: keepPreviousData,
    enabled: asked === `${kind} ${days} ${name}`,
  });
  const told = data !== undefined && !isPlaceholderData ? outcome(data.jobs, data.more) : texts.looking;
  return (
    <>
      <Trouble error={error} what={texts.failed} onRetry={() => void refetch()} />
      {error === null && (
        <p role="status" className={css.outcome}>
          {told}
        </p>
      )}
      <div>
        <div className={css.text}>{texts.how[kind]}</div>
        <Command code={texts.snippet[kind](name, days)} what={texts.what[kind]} />
      </div>
    </>
  );
}

function outcome(jobs: number, more: boolean): string {
  return jobs === 0 && !more ? texts.nothingGoes : texts.wouldGo(jobs, more);
}
