import { defineConfig } from "vitest/config";

export default defineConfig({
  build: {
    target: "es2022",
    lib: {
      entry: { index: "src/index.ts", react: "src/react/index.ts", "job-progress": "src/element/index.ts" },
      formats: ["es"],
    },
    rollupOptions: { external: ["react", "react/jsx-runtime"] },
  },
  test: {
    include: ["tests/**/*.test.{ts,tsx}"],
    execArgv: ["--experimental-websocket"],
    testTimeout: 15_000,
    hookTimeout: 30_000,
  },
});
