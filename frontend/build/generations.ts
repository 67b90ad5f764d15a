/**
 * Vite plugin: moves a finished build into the folder that is served, so that a city may run meanwhile. Files go in before the manifest that
 * names them, and those of the build before stay one generation: pages that are open or kept still ask for them.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Plugin } from "vite";

/** Names of the files of the newest build and of the one before, relative to the folder; kept in the folder itself. */
interface Generations {
  newest: string[];
  before: string[];
}

const RECORD = ".linli-generations.json";
const MANIFEST = join(".vite", "manifest.json");

export function generations(options: { from: string; to: string }): Plugin {
  return {
    name: "linli-generations",
    apply: "build",
    closeBundle() {
      if (existsSync(join(options.from, MANIFEST))) publish(options.from, options.to);
    },
  };
}

/** Move every file of `from` into `to`, the manifest last; then remove what neither this build nor the one before it needs. */
export function publish(from: string, to: string): void {
  const built = below(from);
  const known = record(to);
  const same = built.join() === known.newest.join();
  const now: Generations = { newest: built, before: same ? known.before : known.newest };
  for (const name of [...built.filter((file) => file !== MANIFEST), MANIFEST]) {
    mkdirSync(dirname(join(to, name)), { recursive: true });
    renameSync(join(from, name), join(to, name));
  }
  const half = join(to, `${RECORD}.new`);
  writeFileSync(half, JSON.stringify(now));
  renameSync(half, join(to, RECORD));
  const kept = new Set([...now.newest, ...now.before]);
  for (const name of below(to)) if (!kept.has(name)) rmSync(join(to, name));
}

/** What is remembered of earlier builds; a folder of nobody's is one build. */
function record(to: string): Generations {
  const file = join(to, RECORD);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf-8")) as Generations;
  return { newest: existsSync(to) ? below(to) : [], before: [] };
}

/** Files below a folder, sorted, without our own marks (`.linli...`). */
function below(folder: string): string[] {
  const found = readdirSync(folder, { recursive: true, encoding: "utf-8" }).map((name) => join(folder, name));
  const files = found.filter((path) => statSync(path).isFile()).map((path) => relative(folder, path));
  return files.filter((name) => !name.startsWith(".linli")).sort();
}
