/** One connection for all elements of a page that show jobs of the same server. */

import { ServerClock } from "../clock.js";
import { Http } from "../http.js";
import { FollowedJob } from "../job-store.js";
import type { Live } from "../live.js";
import { aloneOver } from "../live-over.js";
import { watchPage } from "../page.js";
import { keepTime } from "../timekeeping.js";
import type { After } from "../types.js";
import { act } from "../verbs.js";

export class Connected {
  readonly clock = new ServerClock();
  readonly #http: Http;
  readonly #live: Live;

  constructor(baseUrl: string, tokenUrl: string | null) {
    this.#http = new Http({ baseUrl, token: tokenUrl === null ? undefined : tokensFrom(tokenUrl) });
    this.#live = aloneOver(this.#http, this.clock);
    watchPage(this.#live);
    keepTime(this.#http, this.clock, this.#live);
  }

  follow(id: string, after: After): FollowedJob {
    return new FollowedJob(id, after, this.#live, this.clock, (verb, job, options) =>
      act(this.#http, verb, job, options),
    );
  }

  retryNow(): void {
    this.#live.retryNow();
  }
}

const connections = new Map<string, Connected>();

/** It disconnects by itself when nothing is followed any more. */
export function connectionTo(baseUrl: string, tokenUrl: string | null): Connected {
  const key = JSON.stringify([baseUrl, tokenUrl]);
  const known = connections.get(key) ?? new Connected(baseUrl, tokenUrl);
  connections.set(key, known);
  return known;
}

/** The server from which this module was loaded; a copy elsewhere means the server of the page. */
export function ownServer(module: string): string {
  return module.match(/^(https?:\/\/.*)\/embed\/job-progress\.js(\?.*)?$/)?.[1] ?? "";
}

/** Tokens of the page's own back end: as text, or as {"token": ...}. */
function tokensFrom(url: string): () => Promise<string> {
  return async () => {
    const answer = await fetch(url, { cache: "no-store", headers: { Accept: "application/json, text/plain" } });
    if (!answer.ok) throw new Error(`${url} answered ${answer.status} and gave no token.`);
    return textOf((await answer.text()).trim());
  };
}

function textOf(answer: string): string {
  if (!answer.startsWith("{")) return answer;
  const told = JSON.parse(answer) as { token?: unknown };
  return typeof told.token === "string" ? told.token : "";
}
