import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  base: "./",
  resolve: { conditions: ["headway-source", "module", "browser", "development|production"] },
  build: { target: "es2022" },
});
