/**
 * Live regions. `<div data-live="cases" data-live-url="/desk/supervision/">` is fetched anew by htmx when the event stream says that
 * its channel changed, and every 15 seconds where there is no stream.
 *
 * One tab of the browser (the holder of a Web Lock) opens the stream and tells the others by BroadcastChannel. The page gives
 * `live-ticket` (a stream address signed for 60 seconds), `live-ticket-url` (gives a new one as {"url": "..."}) and `live-scope` (differs per
 * signed-in person, so that nobody listens to a predecessor's stream). A message of the stream is `event: changed` with a topic as data; a
 * region names a topic ("cases.case_moved") or the part before its dot ("cases").
 */
import htmx from "htmx.org";
import { meta } from "./text.ts";

const POLL_MS = 15_000;
const TICKET_MS = 55_000;
const GATHER_MS = 300;
const REOPEN_MS = 60_000;

type Note = { kind: "changed"; channel: string } | { kind: "state"; open: boolean } | { kind: "hello" };

const started = Date.now();
let streaming = false;
let leading = false;
let bus: BroadcastChannel | undefined;
const due = new Map<HTMLElement, number>();

const regions = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("[data-live][data-live-url]")];

function refresh(element: HTMLElement): void {
  due.delete(element);
  const url = element.dataset.liveUrl;
  if (!url || !element.isConnected || document.hidden) return;
  // Somebody is typing in there: do not pull the field away; the next event or poll will do.
  if (element.contains(document.activeElement) && document.activeElement?.matches("input, textarea, select")) return;
  void htmx.ajax("get", url, { source: element, target: element, swap: element.dataset.liveSwap ?? "innerHTML" } as never).catch(() => undefined);
}

function refreshSoon(element: HTMLElement): void {
  if (!due.has(element)) due.set(element, window.setTimeout(() => refresh(element), GATHER_MS));
}

function changed(channel: string): void {
  for (const element of regions()) {
    const own = element.dataset.live ?? "";
    if (channel === own || channel.startsWith(`${own}.`)) refreshSoon(element);
  }
}

function setState(open: boolean): void {
  // What happened while nobody listened is unknown: fetch once when the stream comes (back).
  if (open && !streaming) regions().forEach(refreshSoon);
  streaming = open;
  document.documentElement.dataset.liveState = open ? "stream" : "poll";
  if (leading) bus?.postMessage({ kind: "state", open } satisfies Note);
}

async function ticket(first: boolean): Promise<string> {
  const given = meta("live-ticket");
  if (first && given && Date.now() - started < TICKET_MS) return given;
  const address = meta("live-ticket-url");
  if (!address) return "";
  const response = await fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  return response.ok ? ((await response.json()) as { url?: string }).url ?? "" : "";
}

/** Ends when the stream has been refused or closed for good. */
function listen(url: string): Promise<void> {
  return new Promise((resolve) => {
    const stream = new EventSource(url);
    stream.onopen = () => setState(true);
    stream.addEventListener("changed", (event: MessageEvent<string>) => {
      bus?.postMessage({ kind: "changed", channel: event.data } satisfies Note);
      changed(event.data);
    });
    stream.onerror = () => {
      // The browser would try the same ticket again for ever; it may be stale by now.
      stream.close();
      setState(false);
      resolve();
    };
  });
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => window.setTimeout(resolve, ms));

async function lead(): Promise<never> {
  leading = true;
  for (let first = true; ; first = false) {
    const url = await ticket(first).catch(() => "");
    const opened = Date.now();
    if (url) await listen(url);
    else setState(false);
    // A stream that lived is reopened at once; one that was refused is not asked for every moment.
    await pause(Date.now() - opened > REOPEN_MS ? 1000 : REOPEN_MS / 4);
  }
}

function hear(note: Note): void {
  if (note.kind === "changed") changed(note.channel);
  else if (note.kind === "state") setState(note.open);
  else if (leading) bus?.postMessage({ kind: "state", open: streaming } satisfies Note);
}

export function startLive(): void {
  if (!regions().length && !meta("live-ticket")) return;
  window.setInterval(() => {
    if (!streaming) regions().forEach(refreshSoon);
  }, POLL_MS);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) regions().forEach(refreshSoon);
  });
  if (!meta("live-ticket") && !meta("live-ticket-url")) return;
  const name = `linli-live:${meta("live-scope")}`;
  if (!("BroadcastChannel" in window) || !("locks" in navigator)) {
    void lead();
    return;
  }
  bus = new BroadcastChannel(name);
  bus.onmessage = (event: MessageEvent<Note>) => hear(event.data);
  bus.postMessage({ kind: "hello" } satisfies Note);
  void navigator.locks.request(name, lead);
}
