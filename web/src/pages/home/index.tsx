/** The first page: what waits for you, what runs, what has failed, and whether all is well. */

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { useCommand } from "../../commands";
import { PageHead } from "../../parts/page-head";
import { home as texts } from "../../text/home";
import { pages } from "../../text/pages";
import { Contained } from "../job/contained";
import { Active } from "./active";
import { spanIn } from "./address";
import { ResumeBanner } from "./banner";
import { Failures } from "./failures";
import { HealthPanel } from "./health";
import css from "./home.module.css";
import type { Span } from "./reads";

export default function HomePage() {
  const search = useSearch({ strict: false }) as Record<string, unknown>;
  const { span, unknown } = useMemo(() => spanIn(search), [search]);
  const navigate = useNavigate();
  const look = (next: Span) => {
    const window = next === "24h" ? undefined : next;
    void navigate({ to: "/", search: (before: object) => ({ ...before, window }), replace: true, resetScroll: false });
  };
  useCommand({
    id: "home.recovery",
    keys: "R",
    title: texts.keys.recovery,
    run: () => void navigate({ to: "/recovery" }),
  });
  return (
    <>
      <PageHead title={pages.home} />
      {unknown.length > 0 && (
        <p className={css.note} role="status">
          {texts.unknown(unknown)}
        </p>
      )}
      <Contained>
        <ResumeBanner />
      </Contained>
      <Contained>
        <Active />
      </Contained>
      <div className={css.below}>
        <Contained>
          <Failures span={span} onSpan={look} />
        </Contained>
        <Contained>
          <HealthPanel />
        </Contained>
      </div>
    </>
  );
}
