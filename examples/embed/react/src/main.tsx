import { createClient } from "@headway/client";
import { HeadwayProvider } from "@headway/client/react";
import { createRoot } from "react-dom/client";
import { Import } from "./import";

const server = new URLSearchParams(location.search).get("server") ?? "http://127.0.0.1:8765";
const root = document.querySelector("#root");

if (root !== null) {
  createRoot(root).render(
    <HeadwayProvider client={createClient({ baseUrl: server })}>
      <Import />
    </HeadwayProvider>,
  );
}
