/** What failed, whether data is safe, under which id the server's log has it, and a way to try again. */

import { Refused, Unreachable } from "@headway/client";
import { Button } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { NotFetched } from "../data/begun-anew";
import { client } from "../data/client";
import { parts, trouble } from "../text/parts";
import { shell } from "../text/shell";
import { Copy } from "./copy";
import { Empty } from "./empty";
import { Moment } from "./moment";
import css from "./trouble.module.css";

export interface TroubleProps {
  error: unknown;
  onRetry?: () => void;
  /** From when the data is that is still shown: milliseconds since 1970, or RFC 3339. */
  asOf?: string | number | null;
  /** What failed: "The list of jobs". */
  what?: string;
}

export function Trouble({ error, onRetry, asOf, what }: TroubleProps) {
  if (error === null || error === undefined) return null;
  if (error instanceof Refused && error.status === 403) return <Empty kind="not allowed">{error.detail}</Empty>;
  const { title, text, requestId } = told(error);
  const isGone = error instanceof NotFetched;
  const again = () => {
    if (isGone) return location.reload();
    client.retryNow(); // while the server is lost, what is read waits for it
    onRetry?.();
  };
  return (
    <div className={css.trouble} role="alert">
      <IconAlertTriangle className={css.icon} size={18} stroke={2} aria-hidden />
      <div className={css.words}>
        <div className={css.title}>{what === undefined ? title : `${what}: ${title}`}</div>
        <div>{text}</div>
        <div className={css.quiet}>
          {asOf !== null && asOf !== undefined && (
            <span>
              {parts.asOf} <Moment at={asOf} as="clock" />
            </span>
          )}
          {requestId !== undefined && (
            <span>
              {shell.request} <span className={css.id}>{requestId}</span>{" "}
              <Copy value={requestId} what={shell.theRequestId} />
            </span>
          )}
        </div>
      </div>
      {(isGone || onRetry !== undefined) && (
        <Button variant="default" size="xs" onClick={again}>
          {isGone ? parts.reload : parts.retry}
        </Button>
      )}
    </div>
  );
}

/** An error in words: what failed, and whether data is safe. */
export function told(error: unknown): { title: string; text: string; requestId?: string } {
  if (error instanceof Refused) {
    const internal = error.status >= 500;
    const text = internal ? `${error.detail} ${trouble.safe}` : error.detail;
    return { title: internal ? trouble.internal : error.title || trouble.refused, text, ...idOf(error) };
  }
  if (error instanceof Unreachable) return { title: trouble.unreachable, text: trouble.unreachableText };
  if (error instanceof NotFetched) return { title: trouble.notFetched, text: trouble.notFetchedText };
  return { title: trouble.broken, text: error instanceof Error ? error.message : trouble.brokenText };
}

function idOf(error: Refused): { requestId?: string } {
  return error.requestId ? { requestId: error.requestId } : {};
}
