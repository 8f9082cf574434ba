/** Says that the server is of a newer release than the page, which works on until somebody reloads it. */

import { Button } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useOtherRelease } from "../data/release";
import { parts } from "../text/parts";
import { shell } from "../text/shell";
import css from "./live-bar.module.css";

export function UpdateBar() {
  const release = useOtherRelease();
  return (
    <div role="status">
      {release !== null && (
        <div className={css.bar}>
          <IconRefresh className={css.icon} size={16} stroke={2} aria-hidden />
          <span className={css.words}>{shell.updated(release)}</span>
          <Button size="compact-xs" variant="default" onClick={() => location.reload()}>
            {parts.reload}
          </Button>
        </div>
      )}
    </div>
  );
}
