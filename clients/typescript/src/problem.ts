/** Why a call has no answer: the server refused it, or could not be reached. */

import type { Problem } from "./types.js";

/** The server's refusal. `code` stays the same over releases. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  /** What the server's log has it under. */
  readonly requestId: string;
  readonly retryAfterS: number | null;
  /** The whole problem document. */
  readonly problem: Problem;

  constructor(problem: Problem, retryAfterS: number | null = null) {
    super(problem.detail || problem.title);
    this.name = "Refused";
    this.status = problem.status;
    this.code = problem.code;
    this.title = problem.title;
    this.detail = problem.detail;
    this.requestId = problem.request_id ?? "";
    this.retryAfterS = retryAfterS;
    this.problem = problem;
  }

  /** Whether who calls may not, rather than what is asked is wrong. */
  get denies(): boolean {
    return this.status === 401 || this.status === 403;
  }
}

/** No answer: the network, the server, or something between does not answer. */
export class Unreachable extends Error {
  constructor(address: string, cause?: unknown) {
    super(`${address} can not be reached.`, { cause });
    this.name = "Unreachable";
  }
}

/** The refusal that an answer is. An answer that is no problem document came from something in between. */
export async function refusalOf(response: Response): Promise<Refused> {
  return new Refused(await problemOf(response), retryAfter(response.headers.get("Retry-After")));
}

/** What a job that is gone for good is told by. */
export function deleted(job: string): Refused {
  return new Refused(problem(410, "deleted", "Deleted", `Job ${job} was deleted.`));
}

/** A problem document from the members that a message on a stream has. */
export function problemFrom(told: unknown): Problem {
  const given = isRecord(told) ? told : {};
  return { ...problem(500, "internal", "Refused", ""), ...given };
}

async function problemOf(response: Response): Promise<Problem> {
  const requestId = response.headers.get("X-Request-ID") ?? "";
  const own = problem(response.status, `status_${response.status}`, response.statusText || "Refused", "");
  try {
    const told: unknown = await response.json();
    return { ...own, request_id: requestId, ...(isRecord(told) ? told : {}) };
  } catch {
    return {
      ...own,
      request_id: requestId,
      detail: `The answer was ${response.status} ${response.statusText}.`.trim(),
    };
  }
}

function problem(status: number, code: string, title: string, detail: string): Problem {
  const type = `urn:headway:problem:${code}`;
  return { type, title, status, detail, code, instance: "", request_id: "" };
}

function retryAfter(header: string | null): number | null {
  const seconds = Number(header);
  return header !== null && Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
