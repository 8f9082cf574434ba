/** The first page: what waits for you, what runs, what has failed, and whether all is well. */

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { useCommand } from "../../commands";
import { PageHead } from "../../parts/page-head";
import { Trouble } from "../../parts/trouble";
import { addressNotes } from "../../text/address";
import { home as texts } from "../../text/home";
import { pages } from "../../text/pages";
import { Contained } from "../job/contained";
import { Active } from "./active";
import { homeChoice } from "./address";
import { ResumeBanner } from "./banner";
import { Failures } from "./failures";
import { HealthPanel } from "./health";
import css from "./home.module.css";
import { Owner } from "./owner";
import type { Span } from "./reads";
import { useWhose } from "./whose";

export default function HomePage() {
  const search = useSearch({ strict: false }) as Record<string, unknown>;
  const { span, owner, unknown, unread } = useMemo(() => homeChoice(search), [search]);
  const notes = addressNotes(unknown, unread);
  const { whose, error } = useWhose(owner);
  const navigate = useNavigate();
  const look = (next: Span) => {
    const window = next === "24h" ? undefined : next;
    void navigate({ to: "/", search: (before: object) => ({ ...before, window }), replace: true, resetScroll: false });
  };
  const show = (next: string | null) =>
    void navigate({
      to: "/",
      search: (before: object) => ({ ...before, owner: next ?? undefined }),
      resetScroll: false,
    });
  useCommand({
    id: "home.recovery",
    keys: "R",
    title: texts.keys.recovery,
    run: () => void navigate({ to: "/recovery" }),
  });
  return (
    <>
      <PageHead title={pages.home} actions={<Owner owner={owner} onOwner={show} />} />
      {notes !== "" && (
        <p className={css.note} role="status">
          {notes}
        </p>
      )}
      <Contained>
        <ResumeBanner />
      </Contained>
      <Trouble error={error} what={texts.theSession} />
      <Contained>
        {whose !== null && <Active key={whose.words} whose={whose} owner={owner} onEverybody={() => show(null)} />}
      </Contained>
      <div className={css.below}>
        <Contained>{whose !== null && <Failures span={span} onSpan={look} whose={whose} />}</Contained>
        <Contained>
          <HealthPanel />
        </Contained>
      </div>
    </>
  );
}
