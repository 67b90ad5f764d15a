/** Short messages in the corner. Errors stay until closed; the rest leave after eight seconds unless pointed at or focused. */
import { iconElement, text } from "./text.ts";

export type Tone = "info" | "success" | "warning" | "danger";
export interface ToastOptions {
  text: string;
  tone?: Tone;
  action?: { label: string; run: () => void };
}

// Spelled out one by one so that the sprite's scan (build/sprite.ts) sees them.
const ICONS: Record<Tone, { icon: string }> = {
  info: { icon: "info-circle" },
  success: { icon: "circle-check" },
  warning: { icon: "alert-triangle" },
  danger: { icon: "alert-circle" },
};
const STAY_MS = 8000;

function button(label: string, className: string, run: () => void): HTMLButtonElement {
  const element = document.createElement("button");
  element.type = "button";
  element.className = className;
  element.textContent = label;
  element.addEventListener("click", run);
  return element;
}

function leaveLater(element: HTMLElement): void {
  let timer = 0;
  const stop = (): void => window.clearTimeout(timer);
  const start = (): void => {
    stop();
    timer = window.setTimeout(() => element.remove(), STAY_MS);
  };
  element.addEventListener("pointerenter", stop);
  element.addEventListener("pointerleave", start);
  element.addEventListener("focusin", stop);
  element.addEventListener("focusout", start);
  start();
}

function closable(element: HTMLElement, tone: Tone): void {
  const close = button("", "ui-toast-close", () => element.remove());
  close.setAttribute("aria-label", text("close"));
  close.append(iconElement("x"));
  element.append(close);
  if (tone !== "danger" && tone !== "warning") leaveLater(element);
}

export function toast(options: ToastOptions): void {
  const region = document.getElementById("toasts");
  if (!region || !options.text) return;
  const tone = options.tone ?? "info";
  const element = document.createElement("div");
  element.className = `ui-toast ui-tone-${tone}`;
  element.setAttribute("role", tone === "danger" ? "alert" : "status");
  const body = document.createElement("p");
  body.textContent = options.text;
  element.append(iconElement(ICONS[tone].icon), body);
  const { action } = options;
  if (action) {
    element.append(
      button(action.label, "btn btn-sm ui-toast-action", () => {
        element.remove();
        action.run();
      }),
    );
  }
  closable(element, tone);
  // The same sentence twice is noise: a failing poll would otherwise fill the corner.
  for (const other of region.querySelectorAll(".ui-toast")) {
    if (other.querySelector("p")?.textContent === options.text) other.remove();
  }
  region.append(element);
}

export function startToasts(): void {
  // Messages that the server rendered into the page.
  for (const element of document.querySelectorAll<HTMLElement>("#toasts .ui-toast")) {
    closable(element, (element.dataset.tone as Tone | undefined) ?? "info");
  }
  // HX-Trigger: {"toast": {"text": "...", "tone": "success"}}
  document.body.addEventListener("toast", (event) => toast((event as CustomEvent<ToastOptions>).detail));
}
