/** What a person chooses for this browser, and which session the browser has. */

import { Button, Switch, useMantineColorScheme } from "@mantine/core";
import { useId } from "react";
import { show } from "../../commands/surfaces";
import { prefer, usePreferences } from "../../data/preferences";
import { Moment, useNow } from "../../parts/moment";
import { PageHead } from "../../parts/page-head";
import { RecoveryRules } from "../../parts/recovery-rules";
import { SupportBundle } from "../../parts/support-bundle";
import { pages } from "../../text/pages";
import { support } from "../../text/parts";
import { rules } from "../../text/rules";
import { settings as texts } from "../../text/settings";
import { Account } from "./account";
import { Retention } from "./retention";
import { Choice, Row, Section } from "./row";
import { useUnknown } from "./sections";
import { BrowserSession } from "./session";
import css from "./settings.module.css";

const LOCAL = Intl.DateTimeFormat().resolvedOptions().timeZone;

export default function SettingsPage() {
  const unknown = useUnknown();
  return (
    <>
      <PageHead title={pages.settings} sub={texts.sub} />
      {unknown !== null && <p>{texts.unknown(unknown)}</p>}
      <Look />
      <Time />
      <Keyboard />
      <BrowserSession />
      <Retention />
      <Section name="recovery" title={rules.title} intro={rules.intro}>
        <RecoveryRules none={rules.none} />
      </Section>
      <Help />
      <Account />
    </>
  );
}

function Look() {
  const { theme, density, motion } = usePreferences();
  const { setColorScheme } = useMantineColorScheme();
  return (
    <Section name="look" title={texts.look}>
      <Choice
        label={texts.theme.label}
        text={texts.theme.text}
        value={theme}
        choices={[
          { value: "system", label: texts.theme.system },
          { value: "light", label: texts.theme.light },
          { value: "dark", label: texts.theme.dark },
        ]}
        onChange={(chosen) => setColorScheme(chosen === "system" ? "auto" : chosen)}
      />
      <Choice
        label={texts.density.label}
        text={texts.density.text}
        value={density}
        choices={[
          { value: "comfortable", label: texts.density.comfortable },
          { value: "compact", label: texts.density.compact },
        ]}
        onChange={(chosen) => prefer({ density: chosen })}
      />
      <Choice
        label={texts.motion.label}
        text={texts.motion.text}
        value={motion}
        choices={[
          { value: "system", label: texts.motion.system },
          { value: "less", label: texts.motion.less },
        ]}
        onChange={(chosen) => prefer({ motion: chosen })}
      />
    </Section>
  );
}

function Time() {
  const { zone } = usePreferences();
  const now = useNow();
  return (
    <Section name="time" title={texts.time}>
      <Choice
        label={texts.zone.label}
        text={texts.zone.text}
        value={zone}
        choices={[
          { value: "local", label: texts.zone.local(LOCAL) },
          { value: "UTC", label: texts.zone.UTC },
        ]}
        onChange={(chosen) => prefer({ zone: chosen })}
      />
      <Row label={texts.example}>
        <Moment at={now} as="date" />
      </Row>
    </Section>
  );
}

function Help() {
  return (
    <Section name="help" title={texts.help}>
      <Row label={support.title} text={support.text}>
        <SupportBundle />
      </Row>
    </Section>
  );
}

function Keyboard() {
  const { shortcuts } = usePreferences();
  const id = useId();
  return (
    <Section name="keyboard" title={texts.keys}>
      <Row label={texts.shortcuts.label} text={texts.shortcuts.text} control={id}>
        <Switch
          id={id}
          classNames={{ body: css.holder ?? "", input: css.cover ?? "" }}
          checked={shortcuts}
          onChange={(event) => prefer({ shortcuts: event.currentTarget.checked })}
        />
      </Row>
      <Row label={texts.showKeys}>
        <Button variant="default" size="xs" onClick={() => show("help")}>
          {texts.showKeys}
        </Button>
      </Row>
    </Section>
  );
}
