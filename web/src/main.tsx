import "@mantine/core/styles.layer.css"; // in a layer, so that whatever a page says holds
import "uplot/dist/uPlot.min.css";
import "./styles.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import { fetchAll } from "./parts/late";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root to put the pages in");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);

const IDLE_MS = 2_000;
setTimeout(() => void fetchAll(), IDLE_MS);
