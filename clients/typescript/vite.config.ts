import { defineConfig } from "vitest/config";

const FRAMEWORK = ["react", "react/jsx-runtime"];
const OTHERS = ["openapi-fetch"];

export default defineConfig({
  build: {
    target: "es2022",
    lib: {
      entry: { index: "src/index.ts", react: "src/react/index.ts", words: "src/words.ts" },
      formats: ["es"],
    },
    minify: false,
    rollupOptions: { external: [...FRAMEWORK, ...OTHERS] },
  },
  test: {
    include: ["tests/**/*.test.{ts,tsx}"],
    execArgv: ["--experimental-websocket"],
    maxWorkers: 3, // the tests wait for servers more than they work
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
