/** A page without a browser. Connections stay those of this process, which are real. */

import { Window } from "happy-dom";

const NAMES = [
  "window",
  "navigator",
  "document",
  "HTMLElement",
  "Element",
  "Node",
  "SVGElement",
  "DocumentFragment",
  "ShadowRoot",
  "Text",
  "Comment",
  "customElements",
  "CustomEvent",
  "Event",
  "EventTarget",
  "MouseEvent",
  "KeyboardEvent",
  "FocusEvent",
  "CSSStyleSheet",
  "MutationObserver",
  "localStorage",
  "getComputedStyle",
  "HTMLInputElement",
  "HTMLIFrameElement",
  "requestAnimationFrame",
  "cancelAnimationFrame",
  "addEventListener",
  "removeEventListener",
  "dispatchEvent",
] as const;

/** Makes a page at an address; its names are global from here on. */
export function openPage(address: string): Window {
  const page = new Window({ url: address });
  for (const name of NAMES) {
    const value = name === "window" ? page : (page as unknown as Record<string, unknown>)[name];
    const bound = typeof value === "function" && /^[a-z]/.test(name) ? value.bind(page) : value;
    Object.defineProperty(globalThis, name, { value: bound, configurable: true, writable: true });
  }
  Object.defineProperty(globalThis, "location", { value: page.location, configurable: true, writable: true });
  return page;
}
