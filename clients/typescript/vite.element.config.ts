/** <job-progress> as one file: it has all that it needs, and any page may load it. */

import { cp, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { defineConfig, type Plugin } from "vite";

/** From where the server gives it to pages. */
const SERVED = resolve(import.meta.dirname, "../../src/headway/server/static");

export default defineConfig({
  build: {
    target: "es2022",
    emptyOutDir: false,
    lib: { entry: { "job-progress": "src/element/index.ts" }, formats: ["es"] },
    rolldownOptions: { output: { minify: true } },
  },
  plugins: [served()],
});

/** Puts a copy where the server finds it, if the pages are built there. */
function served(): Plugin {
  return {
    name: "headway-served",
    async writeBundle() {
      const there = await stat(SERVED).catch(() => null);
      if (there?.isDirectory()) {
        await cp(resolve(import.meta.dirname, "dist/job-progress.js"), resolve(SERVED, "embed/job-progress.js"));
      }
    },
  };
}
