/** Every operation of the server's API, typed by its OpenAPI document. */

import createClient from "openapi-fetch";
import type { HttpMethod, PathsWithMethod, RequiredKeysOf } from "openapi-typescript-helpers";
import type { Http } from "./http.js";
import type { paths } from "./schema.js";

type Methods = "GET" | "POST" | "PUT" | "DELETE";
type Of<Path extends keyof paths, Method extends Methods> = paths[Path][Lowercase<Method> & keyof paths[Path]];
type Contents<Answer> = Answer extends { content: infer Media } ? Media[keyof Media] : undefined;
type Done<Operation> = Operation extends { responses: infer Answers }
  ? Contents<Answers[keyof Answers & (200 | 201 | 202 | 204)]>
  : never;
type Body<Operation> = Operation extends { requestBody?: infer Given } ? Partial<Contents<NonNullable<Given>>> : never;
type Parameters<Operation> = Operation extends { parameters: infer Given } ? Given : never;

interface More<Operation> {
  /** Members that are left out are as usual. */
  body?: Body<Operation>;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  parseAs?: "json" | "text" | "blob" | "stream";
}

type Init<Operation> = More<Operation> &
  (RequiredKeysOf<Parameters<Operation>> extends never
    ? { params?: Parameters<Operation> }
    : { params: Parameters<Operation> });
type Inits<Operation> =
  RequiredKeysOf<Parameters<Operation>> extends never ? [init?: Init<Operation>] : [init: Init<Operation>];

type Call<Method extends Methods> = <Path extends PathsWithMethod<paths, Lowercase<Method> & HttpMethod>>(
  path: Path,
  ...init: Inits<Of<Path, Method>>
) => Promise<{ data: Done<Of<Path, Method>>; response: Response }>;

/** Calls resolve to the answer, or throw Refused (with the problem document) or Unreachable. */
export type Rest = { readonly [Method in Methods]: Call<Method> };

export function restOver(http: Http): Rest {
  // The wrapped client is the same at run time: `http` throws what the types of openapi-fetch would return as `error`.
  return createClient<paths>({ baseUrl: http.baseUrl, fetch: (request) => http.send(request) }) as unknown as Rest;
}
