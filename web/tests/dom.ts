/** What the browser has and the stand-in of the tests has not. */

import { afterEach } from "vitest";

Object.defineProperty(window, "matchMedia", {
  value: (query: string) => ({ matches: false, media: query, addEventListener() {}, removeEventListener() {} }),
});
// One tab alone: nothing is shared with others.
Object.assign(globalThis, { isSecureContext: false });
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};

afterEach(() => {
  document.body.innerHTML = "";
  localStorage.clear();
});
