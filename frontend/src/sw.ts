/**
 * Service worker of the portal, and of the visits on a grid worker's phone (`part=field`). It keeps only the shell (styles, scripts, icons, the off-line page): pages are personal and may be read on a
 * shared telephone, so no page a server answers is ever stored.
 */
/// <reference lib="webworker" />
const worker = self as unknown as ServiceWorkerGlobalScope;
const parameters = new URL(worker.location.href).searchParams;
const part = parameters.get("part") ?? "shell";
const assets = parameters.get("static") ?? "/static/";
const offline = parameters.get("offline") ?? "/offline/";
// build/shell.ts puts the names of the built files here.
const shell = ((JSON.parse("__SHELL__") as Record<string, string[]>)[part] ?? []).map((name) => assets + name);

/** A new build has other file names, so this names the build. */
function cacheName(): string {
  let hash = 0;
  for (const letter of shell.join()) hash = (hash * 31 + letter.charCodeAt(0)) | 0;
  return `linli-${part}-${(hash >>> 0).toString(36)}`;
}

async function fill(): Promise<void> {
  const cache = await caches.open(cacheName());
  await cache.addAll(shell);
  // Without cookies: the kept off-line page shows nobody's name.
  const page = await fetch(offline, { credentials: "omit" });
  if (page.ok && !page.redirected) await cache.put(offline, page);
  await worker.skipWaiting();
}

async function clean(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(`linli-${part}-`) && name !== cacheName()).map((name) => caches.delete(name)));
  await worker.clients.claim();
}

async function page(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(offline)) ?? Response.error();
  }
}

worker.addEventListener("install", (event) => event.waitUntil(fill()));
worker.addEventListener("activate", (event) => event.waitUntil(clean()));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== worker.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (shell.includes(url.pathname)) event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
});
