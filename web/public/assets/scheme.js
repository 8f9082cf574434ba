// Before the first paint: the colours that the person chose, else those of the system. A file, because the pages
// allow no script inside the document.
(() => {
  let chosen = null;
  try {
    chosen = JSON.parse(localStorage.getItem("headway.preferences") ?? "{}").theme;
  } catch {
    chosen = null; // storage is off or holds something else: the system decides
  }
  const dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();
