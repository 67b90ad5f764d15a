/** A grid worker's visits on the phone: notes go into a sealed queue first, and from there to the server as soon as it answers. */
import "../styles/field.css";
import { meta } from "../text.ts";
import { toast } from "../toast.ts";
import { noted, startPosition, Wrong } from "./field/forms.ts";
import { type Met, type Outcome, type Standing, flush, meet, note } from "./field/queue.ts";
import { drawList, drawNotes, drawPlace } from "./field/render.ts";
import { type Item, currentWorker, dayOf, forget, items, lastSent, setCurrentWorker } from "./field/store.ts";
import { clock, said, words } from "./field/words.ts";

const EVERY_MS = 60_000;
const status = document.querySelector<HTMLElement>("[data-field-status]");
const alertBox = document.querySelector<HTMLElement>("[data-field-alert]");
const shell = document.querySelector<HTMLElement>("[data-field-shell]");
let standing: Standing = navigator.onLine ? "ok" : "off";
let busy = false;

function alertWith(text: string, link?: { href: string; text: string }): void {
  if (!alertBox) return;
  alertBox.replaceChildren();
  if (!text) return;
  const box = document.createElement("p");
  box.className = "field-alert";
  box.append(text);
  if (link) {
    const anchor = document.createElement("a");
    anchor.href = link.href;
    anchor.textContent = link.text;
    box.append(" ", anchor);
  }
  alertBox.append(box);
}

async function showStatus(): Promise<void> {
  if (!status) return;
  const worker = await currentWorker();
  const waiting = worker ? (await items(worker)).length : 0;
  const sent = await lastSent();
  const parts = [standing === "off" ? words("off") : "", waiting ? said("waiting", waiting) : words("nothing"), sent ? said("sent", clock(sent)) : ""];
  status.textContent = (busy && waiting ? `${words("sending")} · ` : "") + parts.filter(Boolean).join(" · ");
  status.dataset.waiting = String(waiting);
  status.dataset.standing = standing;
}

/** What was noted on this page, and what became of it. */
function showNoted(item: Item, state: string, text: string): void {
  const list = document.querySelector<HTMLElement>("[data-field-noted]");
  if (!list) return;
  let line = list.querySelector<HTMLElement>(`[data-key="${item.key}"]`);
  if (!line) {
    line = document.createElement("li");
    line.dataset.key = item.key;
    list.append(line);
  }
  line.dataset.state = state;
  line.textContent = `${item.title} – ${text}`;
  list.hidden = false;
}

function told({ item, state, text }: Outcome): void {
  showNoted(item, state, text);
  if (state === "accepted") return;
  toast({ text: state === "refused" ? `${words("refused")} ${item.title}. ${text}` : `${item.title}. ${text}`, tone: "warning" });
  const count = document.querySelector<HTMLElement>("[data-field-decide]");
  if (count && state !== "failed") {
    count.hidden = false;
    count.textContent = String(Number(count.textContent || 0) + 1);
  }
}

function explain(met: Met): void {
  if (met.standing === "signed-out") alertWith(words("signedOut"), { href: `${words("signIn")}?next=${encodeURIComponent(location.pathname)}`, text: words("signInWord") });
  else if (met.standing === "wiped") alertWith(words("wiped"), { href: `${words("signIn")}?next=${encodeURIComponent(words("home"))}`, text: words("signInWord") });
  else alertWith("");
}

async function synchronise(): Promise<void> {
  if (busy) return;
  busy = true;
  try {
    await showStatus();
    const met = await meet();
    standing = met.standing;
    if (standing === "ok") standing = await flush(met, told);
    explain({ ...met, standing });
    if (standing === "wiped") empty();
  } finally {
    busy = false;
    if (standing !== "wiped") await showStatus();
  }
}

/** Nothing of what was on the page stays readable. */
function empty(): void {
  document.querySelectorAll("[data-field-place], [data-field-list], [data-field-refused]").forEach((part) => part.remove());
  shell?.replaceChildren();
  if (status) status.textContent = "";
}

async function submit(form: HTMLFormElement): Promise<void> {
  const place = form.closest<HTMLElement>("[data-field-place]")?.dataset.fieldPlace ?? "";
  try {
    const made = await noted(form, place);
    const item = await note(made.kind, made.payload, made.base, made.title, meta("field-user"));
    showNoted(item, "waiting", words("noted"));
    alertWith("");
  } catch (error) {
    alertWith(error instanceof Error ? error.message : String(error));
    if (!(error instanceof Wrong)) throw error;
    return;
  }
  if (form.dataset.fieldKind === "visit.done") {
    form.querySelectorAll<HTMLInputElement>("[name=visits]:checked").forEach((box) => box.closest("label")?.remove());
    form.hidden = !form.querySelector("[name=visits]");
  }
  form.reset();
  form.closest<HTMLDetailsElement>("details")?.removeAttribute("open");
  await synchronise();
}

async function showRefused(): Promise<void> {
  const list = document.querySelector<HTMLElement>("[data-field-refused]");
  const worker = await currentWorker();
  if (!list || !worker) return;
  const rows = (await items(worker, true)).map((item) => {
    const row = document.createElement("li");
    row.className = "field-row";
    const text = document.createElement("p");
    text.textContent = `${item.title} – ${words("refused")} ${item.answer?.text ?? ""} ${item.answer?.hint ?? ""}`;
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "btn btn-sm";
    drop.textContent = document.getElementById("ui-text")?.dataset.close ?? "";
    drop.addEventListener("click", () => void forget(item.key).then(() => row.remove()));
    row.append(text, drop);
    return row;
  });
  list.replaceChildren(...rows);
  list.hidden = !rows.length;
  if (rows.length) document.querySelector("[data-field-nothing]")?.remove();
}

/** Off line the kept shell stands in for every page: what it shows follows from the address. */
async function draw(): Promise<void> {
  if (!shell) return;
  const worker = await currentWorker();
  const day = worker ? await dayOf(worker) : undefined;
  const waiting = worker ? await items(worker) : [];
  const key = /\/at\/([0-9a-f-]{36})\//.exec(location.pathname)?.[1];
  if (key) drawPlace(shell, day?.places.find((place) => place.key === key), waiting);
  else if (location.pathname === words("notes")) drawNotes(shell);
  else drawList(shell, day, waiting);
}

async function start(): Promise<void> {
  const user = meta("field-user");
  if (user) await setCurrentWorker(user);
  await draw();
  startPosition(document);
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (!form.dataset.fieldKind) return;
    event.preventDefault();
    void submit(form);
  });
  document.querySelector("[data-field-leave]")?.addEventListener("submit", () => void setCurrentWorker(""));
  window.addEventListener("online", () => void synchronise());
  window.addEventListener("offline", () => {
    standing = "off";
    void showStatus();
  });
  window.setInterval(() => void synchronise(), EVERY_MS);
  await showRefused();
  await synchronise();
  document.documentElement.dataset.field = "ready";
}

if (window.isSecureContext && "indexedDB" in window && "subtle" in crypto) {
  const worker = meta("field-service-worker");
  if (worker && "serviceWorker" in navigator) void navigator.serviceWorker.register(worker).catch(() => undefined);
  void start();
} else if (status) {
  status.textContent = words("unsafe");
}
