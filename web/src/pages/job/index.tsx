/** The page of one job. */

import { type JobStore, Refused } from "@headway/client";
import { useParams } from "@tanstack/react-router";
import { client } from "../../data/client";
import { useDocumentTitle } from "../../parts/page-head";
import { Trouble } from "../../parts/trouble";
import { Waiting } from "../../parts/waiting";
import { pages } from "../../text/pages";
import { Announcer } from "./announcer";
import { FailureBox } from "./failure";
import { FollowedJob, theJob, useFollowed, useLook } from "./followed";
import { Head } from "./head";
import { Missing } from "./missing";
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
  const known = useLook(store, (view) => theJob(view) !== null);
  const error = useLook(store, (view) => view.error);
  if (error instanceof Refused && (error.status === 404 || error.status === 410))
    return <Missing id={id} error={error} />;
  if (error instanceof Refused && error.code === "ambiguous") return <Missing id={id} error={error} />;
  if (!known) return error === null ? <Frame /> : <Trouble error={error} onRetry={() => client.retryNow()} />;
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

function Frame() {
  useDocumentTitle(pages.job);
  return <Waiting lines={6} />;
}
