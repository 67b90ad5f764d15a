/** Meeting the server: who is signed in, what the day holds, and sending what waits. */
import { type Day, type Item, currentWorker, deviceKey, forget, items, keep, keepDay, setCurrentWorker, setLastSent, wipe } from "./store.ts";
import { words } from "./words.ts";

export type Standing = "ok" | "signed-out" | "off" | "wiped";
export interface Met {
  standing: Standing;
  worker: string;
  csrf: string;
}
interface Package {
  device: "ok" | "wipe";
  worker: string;
  csrf: string;
  day: Day;
}
interface Answers {
  device: "ok" | "wipe";
  answers: { key: string; state: string; answer: NonNullable<Item["answer"]> }[];
}
export interface Outcome {
  item: Item;
  state: string;
  text: string;
}

const MOST_ITEMS = 50;
const MOST_CHARACTERS = 3_600_000;
const nobody = (standing: Standing): Met => ({ standing, worker: "", csrf: "" });

/** JSON, or nothing where the server answers with a page or sends to one: nobody is signed in. */
async function json<T>(response: Response): Promise<T | undefined> {
  if (response.type === "opaqueredirect" || !response.headers.get("content-type")?.startsWith("application/json")) return undefined;
  return (await response.json()) as T;
}

async function ask(path: string, init: RequestInit = {}): Promise<Response | undefined> {
  const headers = { Accept: "application/json", "X-Device": await deviceKey(), ...(init.headers as Record<string, string> | undefined) };
  try {
    return await fetch(path, { ...init, headers, redirect: "manual", cache: "no-store" });
  } catch {
    return undefined;
  }
}

async function wiped(): Promise<Met> {
  await wipe();
  return nobody("wiped");
}

/** The day is fetched and kept for whoever is signed in; a revoked phone forgets everything, also when nobody is. */
export async function meet(): Promise<Met> {
  const response = await ask(words("package"));
  if (!response || response.status >= 500) return nobody("off");
  const found = await json<Package>(response);
  if (found?.device === "wipe") return wiped();
  if (!found) {
    const standing = await ask(words("standing").replace(/[0-9a-f-]{36}/, await deviceKey()));
    const said = standing && (await json<{ device: string }>(standing));
    return said?.device === "wipe" ? wiped() : nobody(standing ? "signed-out" : "off");
  }
  await setCurrentWorker(found.worker);
  await keepDay(found.worker, found.day);
  return { standing: "ok", worker: found.worker, csrf: found.csrf };
}

/** As many as fit into one request, in the order they were noted. */
function portion(waiting: Item[]): Item[] {
  let size = 0;
  const end = waiting.findIndex((item, n) => (size += JSON.stringify(item.payload).length + 400) > MOST_CHARACTERS && n > 0);
  return waiting.slice(0, Math.min(end < 0 ? waiting.length : end, MOST_ITEMS));
}

async function send(some: Item[], met: Met, told: (outcome: Outcome) => void): Promise<Standing | "later"> {
  const body = JSON.stringify(some.map(({ key, kind, worker, base, payload }) => ({ key, kind, worker, base, payload })));
  const headers = { "Content-Type": "application/json", "X-CSRFToken": met.csrf };
  const response = await ask(words("sync"), { method: "POST", headers, body });
  if (!response) return "off";
  if (response.type === "opaqueredirect") return "signed-out";
  const found = await json<Answers>(response);
  if (found?.device === "wipe") return (await wiped()).standing;
  if (!found) return "later";
  let later = false;
  for (const said of found.answers) {
    const item = some.find((one) => one.key === said.key);
    if (!item) continue;
    if (said.state === "failed") later = true;
    else if (said.state === "refused") await keep({ ...item, answer: said.answer });
    else await forget(item.key); // taken, or kept on the server for somebody to decide
    told({ item, state: said.state, text: [said.answer.text, said.answer.hint].filter(Boolean).join(" ") });
  }
  await setLastSent(new Date().toISOString());
  return later ? "later" : "ok";
}

/** Send what waits for whoever is signed in; one tab at a time where the browser can tell. */
export async function flush(met: Met, told: (outcome: Outcome) => void): Promise<Standing> {
  const work = async (): Promise<Standing> => {
    for (;;) {
      const waiting = await items(met.worker);
      if (!waiting.length) return "ok";
      const standing = await send(portion(waiting), met, told);
      if (standing === "later") return "ok";
      if (standing !== "ok") return standing;
    }
  };
  return "locks" in navigator ? ((await navigator.locks.request("linli-field", work)) as Standing) : work();
}

/** Note one thing for the worker at hand; it is on the phone before anything is sent. */
export async function note(kind: string, payload: Record<string, unknown>, base: string, title: string, worker = ""): Promise<Item> {
  const item: Item = { key: crypto.randomUUID(), kind, worker: worker || (await currentWorker()), base, payload, title };
  await keep(item);
  return item;
}
