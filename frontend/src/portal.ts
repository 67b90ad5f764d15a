import "./styles/portal.css";
import { start } from "./start.ts";
import { meta } from "./text.ts";

start();

const worker = meta("service-worker");
if (worker && "serviceWorker" in navigator) {
  window.addEventListener("load", () => void navigator.serviceWorker.register(worker).catch(() => undefined));
}
