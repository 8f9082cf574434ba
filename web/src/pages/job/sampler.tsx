/** Notes how the progress goes for as long as the page is there; draws nothing. */

import { useEffect } from "react";
import { client } from "../../data/client";
import { useJob, useStore } from "./followed";
import { samplesOf } from "./timeline/samples";

export function Sampler() {
  const store = useStore();
  const { id } = useJob();
  useEffect(() => {
    const samples = samplesOf(id);
    const note = () => {
      const { job, connection } = store.getSnapshot();
      if (job !== null && job.ended_at === null && connection.lostAt === null) samples.add(job, client.now());
    };
    note();
    return store.subscribe(note);
  }, [store, id]);
  return null;
}
