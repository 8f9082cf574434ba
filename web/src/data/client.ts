/** The one client of the pages. It stands where the pages do, also below the prefix of somebody's own app. */

import { createClient } from "@headway/client";

/** The path below which the pages are mounted, without a slash at its end; the server tells it in <base>. */
export const prefix = new URL(document.baseURI).pathname.replace(/\/[^/]*$/, "");

export const client = createClient({ baseUrl: prefix });
