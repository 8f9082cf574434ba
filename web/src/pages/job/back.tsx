/** The way back to the list, with its query. */

import { IconArrowLeft } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { page as text } from "../../text/job/page";
import { useAddress } from "./address";
import css from "./back.module.css";

export function BackLink() {
  const { list, sort } = useAddress();
  const search = { ...(list ? { q: list } : {}), ...(sort ? { sort } : {}) };
  return (
    <Link to="/jobs" search={search as never} className={css.back}>
      <IconArrowLeft size={14} stroke={2} aria-hidden />
      {list === undefined ? text.back : text.backToResults}
    </Link>
  );
}
