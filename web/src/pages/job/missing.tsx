/** No job answers to the address, or not any more: says so, offers what it may have meant, and leads back. */

import type { Refused } from "@headway/client";
import { useClient } from "@headway/client/react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { PageHead } from "../../parts/page-head";
import { Status } from "../../parts/status";
import { Trouble } from "../../parts/trouble";
import { Waiting } from "../../parts/waiting";
import { missing as text } from "../../text/job/missing";
import { BackLink } from "./back";
import css from "./missing.module.css";

export function Missing({ id, error }: { id: string; error: Refused }) {
  if (error.status === 410) return <Deleted name={id} />;
  return (
    <>
      <BackLink />
      <PageHead title={text.title} sub={explained(id, error)} />
      <Near id={id} />
      <p className={css.all}>
        <Link to="/jobs">{text.toJobs}</Link>
      </p>
    </>
  );
}

/** name: of the job, or the id that one knows it by. */
export function Deleted({ name }: { name: string }) {
  return (
    <>
      <BackLink />
      <PageHead title={text.deletedTitle} sub={text.deletedText(name)} />
      <p className={css.all}>
        <Link to="/jobs">{text.toJobs}</Link>
      </p>
    </>
  );
}

const WHOLE_ID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

function explained(id: string, error: Refused): string {
  if (error.status !== 404) return error.detail;
  return WHOLE_ID.test(id) ? text.whole(id) : text.text(id);
}

function Near({ id }: { id: string }) {
  const client = useClient();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["search", id],
    queryFn: async () => (await client.rest.GET("/api/v1/search", { params: { query: { q: id } } })).data,
  });
  if (isPending) return <Waiting lines={3} />;
  if (error) return <Trouble error={error} onRetry={() => void refetch()} />;
  const hits = [...data.hits, ...data.near];
  if (hits.length === 0) return <p className={css.quiet}>{text.nothingNear}</p>;
  return (
    <section aria-labelledby="near">
      <h2 id="near" className={css.heading}>
        {text.near}
      </h2>
      <ul className={css.list}>
        {hits.map((hit) => (
          <li key={`${hit.kind} ${hit.id}`}>
            <Hit hit={hit} />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface Found {
  kind: string;
  id: string;
  job_id?: string | null;
  session?: string | null;
  title?: string | null;
  state?: string | null;
  why?: string | null;
}

function Hit({ hit }: { hit: Found }) {
  const inside = (
    <>
      <span className={css.name}>{hit.title ?? hit.id}</span>
      {hit.state && <Status state={hit.state} />}
      <span className={css.quiet}>{text.kinds[hit.kind] ?? hit.kind}</span>
      <code className={css.id}>{hit.id}</code>
      {hit.why && <span className={css.quiet}>{hit.why}</span>}
    </>
  );
  if (hit.job_id) {
    return (
      <Link className={css.hit} to="/jobs/$id" params={{ id: hit.job_id }}>
        {inside}
      </Link>
    );
  }
  if (hit.session) {
    return (
      <Link className={css.hit} to="/sessions/$id" params={{ id: hit.session }}>
        {inside}
      </Link>
    );
  }
  return <span className={css.hit}>{inside}</span>;
}
