/** Instead of a page: it failed, or there is none at that address. */

import { type ErrorComponentProps, Link } from "@tanstack/react-router";
import { trouble } from "../text/parts";
import { Empty } from "./empty";
import { PageHead } from "./page-head";
import { Trouble } from "./trouble";

export function Fault({ error }: ErrorComponentProps) {
  return (
    <>
      <PageHead title={trouble.title} />
      <Trouble error={error} onRetry={() => location.reload()} />
    </>
  );
}

export function NoSuchPage() {
  return (
    <>
      <PageHead title={trouble.notFound} />
      <Empty kind="nothing matches" title={trouble.notFoundText}>
        <Link to="/">{trouble.goHome}</Link>
      </Empty>
    </>
  );
}
