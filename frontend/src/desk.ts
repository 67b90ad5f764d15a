import "@tabler/core/dist/css/tabler.min.css";
import "./styles/desk.css";
import { startKeys } from "./keys.ts";
import { start } from "./start.ts";

start();
startKeys();

// The drawing of a process is fetched when it is first opened: it weighs more than the whole desk.
for (const root of document.querySelectorAll<HTMLDetailsElement>("details[data-diagram]")) {
  root.addEventListener("toggle", () => void import("./islands/diagram.ts").then(({ show }) => show(root)), { once: true });
}
