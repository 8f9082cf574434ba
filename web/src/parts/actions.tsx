/** What can be done with a job: the server says what its state permits, in `moves`. */

import type { Job, Verb } from "@headway/client";
import { Button, Group } from "@mantine/core";
import { perform } from "../data/actions";
import { useAsked } from "../data/asked";
import { useLost } from "../data/signal";
import { verbs } from "../text/parts";

export interface JobActionsProps {
  job: Job;
  /** What the client's own store of the job says is asked; without it the pages' own memory counts. */
  asked?: { verb: Verb; at: number } | null;
  size?: "sm" | "xs";
}

export function JobActions({ job, asked, size = "xs" }: JobActionsProps) {
  const own = useAsked(job);
  const pending = asked ?? own;
  const lost = useLost();
  return (
    <Group gap={8}>
      {job.moves.filter(isVerb).map((verb) => (
        <Button
          key={verb}
          size={size}
          variant="default"
          disabled={lost || pending !== null}
          onClick={() => perform(job, verb)}
        >
          {pending?.verb === verb ? verbs[verb].doing : verbs[verb].label}
        </Button>
      ))}
    </Group>
  );
}

function isVerb(move: string): move is Verb {
  return move in verbs;
}
