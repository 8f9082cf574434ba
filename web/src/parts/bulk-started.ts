/** Submits the job that does one verb with many jobs, and shows the way to it. */

import { useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";
import { client } from "../data/client";
import { bulk as texts } from "../text/bulk";
import { notify } from "./notices";
import { told } from "./trouble";

export type BulkInput = { verb: string } & ({ ids: readonly string[] } | { q: string; up_to?: number });

/** True once it is submitted. It goes on by itself, whatever becomes of the page. */
export function useBulkStarted(): (input: BulkInput, name: string) => Promise<boolean> {
  const navigate = useNavigate();
  return useCallback(
    async (input, name) => {
      try {
        const { number } = await client.submit({ type: "headway.bulk", name, input });
        const run = () => void navigate({ to: "/jobs/$id", params: { id: String(number) } });
        notify({ text: texts.started(name, number), action: { label: texts.open, run } });
        return true;
      } catch (error) {
        notify({ tone: "bad", ...told(error), title: texts.failed });
        return false;
      }
    },
    [navigate],
  );
}
