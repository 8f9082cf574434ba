/** The log as nothing but text: the browser's own search and a screen reader find every line of it. */

import { useClient } from "@headway/client/react";
import { Button } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { log } from "../../../text/job/log";
import { plain } from "./coloured";
import { textOf } from "./entry";
import css from "./log.module.css";

const PAGE = 1000;
/** Lines that are read without being asked for; more takes a button, and memory. */
const UNASKED = 100_000;

interface Chunk {
  first: number;
  text: string;
}

/** total: how many entries the job has, log lines or not. */
export function PlainLog({ job, total }: { job: string; total: number }) {
  const client = useClient();
  const [chunks, setChunks] = useState<readonly Chunk[]>([]);
  const [read, setRead] = useState(0);
  const [limit, setLimit] = useState(UNASKED);
  const [isOver, setOver] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const after = useRef(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: total is what makes it look for more
  useEffect(() => {
    let left = false;
    const readOn = async () => {
      for (let here = read; here < limit && !left; here += PAGE) {
        const { data } = await client.rest.GET("/api/v1/jobs/{any_id}/logs", {
          params: { path: { any_id: job }, query: { after: after.current, limit: PAGE } },
        });
        const last = data.logs.at(-1);
        if (left) return;
        setOver(data.logs.length < PAGE);
        if (last === undefined) return;
        after.current = last.seq;
        const text = data.logs.map((line) => plain(textOf(line as Parameters<typeof textOf>[0]))).join("\n");
        setChunks((before) => [...before, { first: last.seq, text }]);
        setRead((before) => before + data.logs.length);
        if (data.logs.length < PAGE) return;
      }
    };
    readOn().then(
      () => setProblem(null),
      (failed: unknown) => setProblem(String(failed)),
    );
    return () => {
      left = true;
    };
  }, [client, job, limit, total]);

  return (
    <div className={css.plain}>
      <p className={css.quiet}>{log.plainAbout(read, isOver ? read : Math.max(read, total))}</p>
      {chunks.map((chunk) => (
        <pre key={chunk.first} className={css.chunk}>
          {chunk.text}
        </pre>
      ))}
      {problem !== null && <p role="alert">{problem}</p>}
      {!isOver && read >= limit && (
        <Button size="xs" variant="default" onClick={() => setLimit((before) => before + UNASKED)}>
          {log.plainMore}
        </Button>
      )}
    </div>
  );
}
