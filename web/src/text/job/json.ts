/** Texts of a value that is shown as a tree. */

import { exact, plural } from "../words";

export const json = {
  list: (n: number) => plural(n, "entry", "entries"),
  object: (n: number) => plural(n, "key"),
  more: (n: number) => `${exact(n)} more`,
};
