/** htmx: CSRF header, busy marks, where the focus goes after a swap, and a way to try again after a failure. */
import htmx from "htmx.org";
import { meta, text } from "./text.ts";
import { toast } from "./toast.ts";

interface RequestDetail {
  elt: HTMLElement;
  target: HTMLElement;
  xhr: XMLHttpRequest;
  headers: Record<string, string>;
  verb: string;
  requestConfig: { verb: string; triggeringEvent?: Event };
}

const detailOf = (event: Event): RequestDetail => (event as CustomEvent<RequestDetail>).detail;

/** The cookie is fresher than the page when somebody signed in in another tab; it may be hidden from scripts, then the page's counts. */
function csrfToken(): string {
  return /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? meta("csrf-token");
}

const waiting = new WeakMap<Element, number>();

function busy(element: HTMLElement, change: 1 | -1): void {
  const count = Math.max(0, (waiting.get(element) ?? 0) + change);
  waiting.set(element, count);
  if (count) element.setAttribute("aria-busy", "true");
  else element.removeAttribute("aria-busy");
}

function failureText(xhr: XMLHttpRequest): string {
  if (xhr.getResponseHeader("content-type")?.startsWith("application/problem+json")) {
    try {
      const problem = JSON.parse(xhr.responseText) as { detail?: string; hint?: string };
      if (problem.detail) return [problem.detail, problem.hint].filter(Boolean).join(" ");
    } catch {
      // Not JSON after all: fall through to our own sentence.
    }
  }
  const own: Record<number, string> = { 0: "offline", 401: "signedOut", 403: "refused", 404: "gone", 409: "conflict", 429: "tooMany" };
  return text(own[xhr.status] ?? "failed");
}

function again(detail: RequestDetail): void {
  const { elt } = detail;
  if (!elt.isConnected) window.location.reload();
  else if (elt instanceof HTMLFormElement) elt.requestSubmit();
  else htmx.trigger(elt, detail.requestConfig.triggeringEvent?.type ?? "click", {});
}

function failed(event: Event): void {
  const detail = detailOf(event);
  // A live region tries again by itself; saying so at every attempt would only disturb.
  if (detail.elt.hasAttribute("data-live")) return;
  const useful = ![401, 403, 404].includes(detail.xhr.status);
  toast({
    text: failureText(detail.xhr),
    tone: "danger",
    action: useful ? { label: text("retry"), run: () => again(detail) } : { label: text("reload"), run: () => window.location.reload() },
  });
}

/** After a swap: an error summary or what asks for the focus gets it; a focus that vanished with its element goes to the new content. */
function settleFocus(event: Event): void {
  const { target, elt } = detailOf(event);
  if (elt.hasAttribute("data-live")) return;
  const root = target.isConnected ? target : document.getElementById(target.id);
  if (!root) return;
  const wanted = root.querySelector<HTMLElement>(".ui-error-summary, [data-focus], [autofocus]");
  const lost = !document.activeElement || document.activeElement === document.body;
  const next = wanted ?? (lost ? root : undefined);
  if (!next) return;
  if (!next.matches("a[href], button, input, select, textarea, [tabindex]")) next.tabIndex = -1;
  next.focus({ preventScroll: next === root });
}

export function startRequests(): void {
  const body = document.body;
  body.addEventListener("htmx:configRequest", (event) => {
    const detail = detailOf(event);
    if (!/^(get|head)$/i.test(detail.verb)) detail.headers["X-CSRFToken"] = csrfToken();
  });
  body.addEventListener("htmx:beforeRequest", (event) => {
    busy(detailOf(event).target, 1);
    busy(body, 1);
  });
  body.addEventListener("htmx:afterRequest", (event) => {
    busy(detailOf(event).target, -1);
    busy(body, -1);
  });
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) body.addEventListener(name, failed);
  body.addEventListener("htmx:afterSettle", settleFocus);
}
