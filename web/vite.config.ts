import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Where the wheel takes the pages from; git-ignored. */
const OUTPUT = "../src/headway/server/static";

/** The client is taken from its sources: nothing has to be built before. */
const CONDITIONS = ["headway-source", "module", "browser", "development|production"];

export default defineConfig({
  plugins: [react()],
  base: "./",
  resolve: { conditions: CONDITIONS },
  ssr: { resolve: { conditions: CONDITIONS } }, // tests that need no page
  build: {
    outDir: OUTPUT,
    emptyOutDir: true,
    sourcemap: false,
    target: "es2022",
    license: { fileName: "licenses.md" }, // of the packages that are in the bundle: it goes where the bundle goes
  },
  test: { testTimeout: 60_000, hookTimeout: 60_000 }, // a busy machine is no mistake
  server: { proxy: { "/api": { target: "http://127.0.0.1:8765", ws: true } } },
});
