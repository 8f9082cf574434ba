/** Nothing yet: how to start a job from the command line, Python or HTTP. */

import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { address, useReach } from "../../data/reach";
import { Empty } from "../../parts/empty";
import { home as texts } from "../../text/home";
import css from "./home.module.css";

type Kind = "cli" | "python" | "http";
const KINDS: readonly Kind[] = ["cli", "python", "http"];

export function Start() {
  const [kind, setKind] = useState<Kind>("cli");
  const url = useReach() ?? null;
  const { cli, python, http } = texts.snippets;
  const snippet = { cli, python: python(url), http: http(address, url === null) }[kind];
  return (
    <div className={css.start}>
      <Empty
        kind="nothing yet"
        title={texts.startTitle}
        snippet={snippet}
        what={kind === "python" ? texts.theCode : texts.theCommand}
      >
        {texts.start}
        <SegmentedControl
          className={css.kinds}
          size="xs"
          aria-label={texts.kinds}
          value={kind}
          onChange={(value) => setKind(KINDS.find((one) => one === value) ?? "cli")}
          data={KINDS.map((one) => ({ value: one, label: texts[one] }))}
        />
      </Empty>
    </div>
  );
}
