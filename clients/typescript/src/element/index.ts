/** Defines <job-progress>. */

import { JobProgress } from "./job-progress.js";

if (typeof customElements !== "undefined" && customElements.get("job-progress") === undefined) {
  customElements.define("job-progress", JobProgress);
}

export type { Texts } from "./texts.js";
export { JobProgress };

declare global {
  interface HTMLElementTagNameMap {
    "job-progress": JobProgress;
  }
}
