/** The page of one job. */

import { type JobStore, Refused } from "@headway/client";
import { useParams } from "@tanstack/react-router";
import { client } from "../../data/client";
import { useIsThere } from "../../data/there";
import { PageHead, useDocumentTitle } from "../../parts/page-head";
import { Trouble } from "../../parts/trouble";
import { Waiting } from "../../parts/waiting";
import { pages } from "../../text/pages";
import { Announcer } from "./announcer";
import { FailureBox } from "./failure";
import { FollowedJob, sameButProgress, theJob, useFollowed, useLook } from "./followed";
import { Head } from "./head";
import { Deleted, Missing } from "./missing";
import { Sampler } from "./sampler";
import { Tabs } from "./tabs";

export default function JobPage() {
  const { id } = useParams({ strict: false });
  return <One key={id} id={id ?? ""} />;
}

function One({ id }: { id: string }) {
  const store = useFollowed(id);
  return store === null ? <Frame /> : <Found id={id} store={store} />;
}

function Found({ id, store }: { id: string; store: JobStore }) {
  const job = useLook(store, theJob, sameButProgress);
  const error = useLook(store, (view) => view.error);
  const isThere = useIsThere(job);
  if (job !== null && (!isThere || isMissing(error))) return <Deleted name={job.name} />;
  if (isMissing(error) || isAmbiguous(error)) return <Missing id={id} error={error} />;
  if (job === null) return error === null ? <Frame /> : <Unread error={error} />;
  return (
    <FollowedJob value={store}>
      <Announcer />
      <Sampler />
      <Head />
      <FailureBox />
      <Tabs />
    </FollowedJob>
  );
}

function isMissing(error: unknown): error is Refused {
  return error instanceof Refused && (error.status === 404 || error.status === 410);
}

function isAmbiguous(error: unknown): error is Refused {
  return error instanceof Refused && error.code === "ambiguous";
}

function Unread({ error }: { error: unknown }) {
  return (
    <>
      <PageHead title={pages.job} />
      <Trouble error={error} onRetry={() => client.retryNow()} />
    </>
  );
}

function Frame() {
  useDocumentTitle(pages.job);
  return <Waiting lines={6} />;
}
