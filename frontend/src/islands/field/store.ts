/**
 * What the phone keeps: a queue and a day for each worker, sealed with a key of that worker that no script can read out (AES-GCM,
 * non-extractable). Another worker on the same phone has another key and never looks at these rows.
 */

export interface Item {
  key: string;
  kind: string;
  worker: string;
  base: string;
  payload: Record<string, unknown>;
  /** What it is called in lists. */
  title: string;
  /** What the server said when it did not take it. */
  answer?: { code?: string; text?: string; hint?: string };
}
interface Row {
  key: string;
  worker: string;
  seq: number;
  told: boolean;
  iv: Uint8Array<ArrayBuffer>;
  data: ArrayBuffer;
}
export interface Shown {
  attribute: string;
  label: string;
  value: string;
  version: string;
}
export interface Resident {
  id: string;
  name: string;
  age: number | null;
  values: Shown[];
}
export interface Visit {
  id: string;
  person: string;
  name: string;
  cycle: string;
  reason: string;
  due: string;
  late: number;
}
export interface Place {
  key: string;
  address: string;
  building: string;
  late: boolean;
  visits: Visit[];
  residents: Resident[];
}
export interface Day {
  made: string;
  until: string;
  day: string;
  places: Place[];
}

const NAME = "linli-field";
let opened: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      const db = request.result;
      db.createObjectStore("meta");
      db.createObjectStore("keys");
      db.createObjectStore("days");
      db.createObjectStore("queue", { keyPath: "key" });
    };
    request.onsuccess = () => {
      // Another tab empties the phone: let go, so that it can.
      request.result.onversionchange = () => {
        request.result.close();
        opened = undefined;
      };
      resolve(request.result);
    };
    request.onerror = () => reject(request.error ?? new Error("indexedDB"));
  });
  return opened;
}

async function run<T>(store: string, mode: IDBTransactionMode, work: (rows: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const db = await open();
  return new Promise((resolve, reject) => {
    const transaction = db.transaction(store, mode);
    const request = work(transaction.objectStore(store));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error(store));
  });
}

const read = <T>(store: string, key: string): Promise<T | undefined> => run(store, "readonly", (rows) => rows.get(key) as IDBRequest<T | undefined>);
const write = (store: string, key: string, value: unknown): Promise<unknown> => run(store, "readwrite", (rows) => rows.put(value, key));

/** Names this browser to the server; known to nobody else. */
export async function deviceKey(): Promise<string> {
  const known = await read<string>("meta", "device");
  if (known) return known;
  await run("meta", "readwrite", (rows) => rows.add(crypto.randomUUID(), "device")).catch(() => undefined);
  return (await read<string>("meta", "device")) ?? "";
}

/** Who signed in here last; the off-line pages are hers. */
export const currentWorker = async (): Promise<string> => (await read<string>("meta", "worker")) ?? "";
export const setCurrentWorker = (worker: string): Promise<unknown> => write("meta", "worker", worker);
export const lastSent = async (): Promise<string> => (await read<string>("meta", "sent")) ?? "";
export const setLastSent = (at: string): Promise<unknown> => write("meta", "sent", at);

async function keyOf(worker: string): Promise<CryptoKey> {
  const known = await read<CryptoKey>("keys", worker);
  if (known) return known;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  // Two tabs may come at once: the first key stays.
  await run("keys", "readwrite", (rows) => rows.add(made, worker)).catch(() => undefined);
  return (await read<CryptoKey>("keys", worker)) ?? made;
}

async function seal(worker: string, value: unknown): Promise<{ iv: Uint8Array<ArrayBuffer>; data: ArrayBuffer }> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(value));
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await keyOf(worker), plain) };
}

async function unseal<T>(worker: string, row: { iv: Uint8Array<ArrayBuffer>; data: ArrayBuffer }): Promise<T> {
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: row.iv }, await keyOf(worker), row.data);
  return JSON.parse(new TextDecoder().decode(plain)) as T;
}

export async function keep(item: Item): Promise<void> {
  const before = await run("queue", "readonly", (rows) => rows.get(item.key) as IDBRequest<Row | undefined>);
  const sealed = await seal(item.worker, item);
  const row: Row = { key: item.key, worker: item.worker, seq: before?.seq ?? Date.now(), told: item.answer !== undefined, ...sealed };
  await run("queue", "readwrite", (rows) => rows.put(row));
}

export const forget = (key: string): Promise<unknown> => run("queue", "readwrite", (rows) => rows.delete(key));

/** A worker's items in the order they were noted: those that wait (`told` false), or those the server did not take. */
export async function items(worker: string, told = false): Promise<Item[]> {
  const rows = await run("queue", "readonly", (all) => all.getAll() as IDBRequest<Row[]>);
  const mine = rows.filter((row) => row.worker === worker && row.told === told).sort((a, b) => a.seq - b.seq);
  return Promise.all(mine.map((row) => unseal<Item>(worker, row)));
}

export async function keepDay(worker: string, day: Day): Promise<void> {
  await write("days", worker, { until: day.until, ...(await seal(worker, day)) });
}

/** The worker's day; what is older than its time is deleted, whoever's it is. */
export async function dayOf(worker: string): Promise<Day | undefined> {
  const known = await run("days", "readonly", (rows) => rows.getAllKeys());
  for (const other of known.map(String)) {
    const row = await read<{ until: string }>("days", other);
    if (row && new Date(row.until) <= new Date()) await run("days", "readwrite", (rows) => rows.delete(other));
  }
  const row = await read<{ until: string; iv: Uint8Array<ArrayBuffer>; data: ArrayBuffer }>("days", worker);
  return row && unseal<Day>(worker, row);
}

/** Everything goes: days, queues, keys, the kept shell. */
export async function wipe(): Promise<void> {
  (await open()).close();
  opened = undefined;
  await new Promise<void>((resolve) => {
    const request = indexedDB.deleteDatabase(NAME);
    request.onsuccess = request.onerror = () => resolve();
    // A tab that does not let go: what it holds is emptied by its own next contact.
    request.onblocked = () => resolve();
  });
  for (const name of await caches.keys()) if (name.startsWith("linli-field-")) await caches.delete(name);
}
