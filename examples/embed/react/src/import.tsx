import { useConnection, useJob, useResumableJob, useSubmitJob } from "@headway/client/react";
import { counted } from "@headway/client/words";

const IMPORT = { type: "import", name: "Import of 10,000 rows", input: { rows: 10_000 } };

/** Starts an import, shows it, and finds it again after a reload. */
export function Import() {
  const kept = useResumableJob("import", { kind: "import" });
  const { submit, state } = useSubmitJob();
  const start = () => submit(IMPORT).then(kept.remember, () => undefined);

  return (
    <main>
      <h1>An import</h1>
      {kept.job === null ? (
        <button type="button" onClick={start} disabled={state === "submitting"}>
          Start
        </button>
      ) : (
        <Bar id={kept.job.id} />
      )}
      {kept.status === "interrupted" && (
        <button type="button" onClick={() => void kept.resume()}>
          Go on
        </button>
      )}
      {kept.status === "finished-while-away" && (
        <button type="button" onClick={kept.acknowledge}>
          Thank you
        </button>
      )}
      {state === "failed" && <p role="alert">The import could not be started.</p>}
    </main>
  );
}

function Bar({ id }: { id: string }) {
  const { job, progress, actions } = useJob(id);
  const { state } = useConnection();
  if (job === null) return null;
  return (
    <section aria-label={job.name}>
      <progress aria-label={job.name} max={100} {...(progress?.percent == null ? {} : { value: progress.percent })} />
      <p>
        {job.state} {progress !== null && counted(progress)} {state !== "live" && state !== "idle" && `(${state})`}
      </p>
      {job.moves.includes("pause") && (
        <button type="button" onClick={() => void actions.pause()}>
          Pause
        </button>
      )}
    </section>
  );
}
