/** Back to the list that one came from, and on to the next of its jobs. */

import type { Job } from "@headway/client";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import { useCommand } from "../../commands";
import { page as text } from "../../text/job/page";
import { exact } from "../../text/words";
import { useAddress } from "./address";
import { BackLink } from "./back";
import css from "./back.module.css";
import { useJob } from "./followed";
import { type Neighbours, useNeighbours } from "./neighbours";

export function Walk() {
  const { list, sort } = useAddress();
  const { id } = useJob();
  const found = useNeighbours(id, list, sort);
  return (
    <nav className={css.line} aria-label={text.walk}>
      <BackLink />
      {list !== undefined && found !== null && <Steps found={found} />}
    </nav>
  );
}

function Steps({ found }: { found: Neighbours }) {
  const { previous, next, at } = found;
  const go = useGo();
  useCommand({ id: "job.next", keys: "J", title: text.commands.next, run: () => go(next), when: next !== null });
  useCommand({
    id: "job.previous",
    keys: "K",
    title: text.commands.previous,
    run: () => go(previous),
    when: previous !== null,
  });
  return (
    <span className={css.walk}>
      <span className="hw-figures">{text.place(exact(at))}</span>
      <Step to={previous} label={text.previous} none={text.noPrevious} icon="up" />
      <Step to={next} label={text.next} none={text.noNext} icon="down" />
    </span>
  );
}

function Step({ to, label, none, icon }: { to: Job | null; label: string; none: string; icon: "up" | "down" }) {
  const Icon = icon === "up" ? IconChevronUp : IconChevronDown;
  const shape = <Icon size={16} stroke={2} aria-hidden />;
  if (to === null) {
    return (
      <span className={css.step} role="img" aria-disabled="true" aria-label={none} title={none}>
        {shape}
      </span>
    );
  }
  const name = `${label}: ${to.name}`;
  return (
    <Link
      to="/jobs/$id"
      params={{ id: String(to.number) }}
      search={keep as never}
      className={css.step}
      aria-label={name}
      title={name}
    >
      {shape}
    </Link>
  );
}

/** The tab and the list stay when one goes on to another job; what is open in the tab does not. */
function keep(before: Record<string, unknown>) {
  const { tab, list, sort } = before;
  return { tab, list, sort };
}

function useGo(): (job: Job | null) => void {
  const navigate = useNavigate();
  return (job) => {
    if (job !== null) void navigate({ to: "/jobs/$id", params: { id: String(job.number) }, search: keep as never });
  };
}
