/**
 * Vite plugin: one SVG sprite of the icons that templates, Python, packs and TypeScript name.
 *
 * An icon is named as `{% icon "home" %}`, `icon="home"` (template, Python), `icon: home` (YAML, TypeScript), `"icon": "home"` or `data-icon="home"`. A name that
 * Tabler does not have stops the build when it came from `{% icon %}`; the looser patterns are only a hint and are skipped.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import type { Plugin } from "vite";

interface Options {
  /** Root of the repository. */
  root: string;
  /** File with one further icon name a line (icons that only data names). */
  extra: string;
}

const STRICT = /\{%\s*icon\s+["']([a-z0-9-]+)["']/g;
const LOOSE = /(?:\bicon["']?\s*[=:]\s*|data-icon=)["']?([a-z][a-z0-9-]*)["']?/g;
const READ = new Set([".html", ".py", ".ts", ".yaml", ".yml"]);
const SKIP = new Set(["node_modules", "dist", "__pycache__", ".git", ".venv", "tests"]);
const iconFolder = dirname(dirname(createRequire(import.meta.url).resolve("@tabler/icons/outline/home.svg")));

function* files(folder: string): Generator<string> {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (SKIP.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else if (READ.has(extname(entry.name))) yield path;
  }
}

/** File of an icon: outline unless the name ends in `-filled`. */
function iconFile(name: string): string | undefined {
  const filled = name.endsWith("-filled");
  const path = filled ? join(iconFolder, "filled", `${name.slice(0, -7)}.svg`) : join(iconFolder, "outline", `${name}.svg`);
  return existsSync(path) ? path : undefined;
}

export function namesIn(text: string): { strict: string[]; loose: string[] } {
  return { strict: [...text.matchAll(STRICT)].map((m) => m[1]!), loose: [...text.matchAll(LOOSE)].map((m) => m[1]!) };
}

function symbol(name: string, file: string): string {
  const svg = readFileSync(file, "utf8").replace(/<!--[\s\S]*?-->/g, "");
  const inner = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(svg)?.[1] ?? "";
  const paint = name.endsWith("-filled")
    ? 'fill="currentColor"'
    : 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"';
  return `<symbol id="${name}" viewBox="0 0 24 24" ${paint}>${inner.replace(/\s*\n\s*/g, "")}</symbol>`;
}

function collect(options: Options): Map<string, string> {
  const found = new Map<string, string>();
  const missing: string[] = [];
  const take = (name: string, origin: string, must: boolean): void => {
    const file = iconFile(name);
    if (file) found.set(name, file);
    else if (must) missing.push(`${name} (${origin})`);
  };
  for (const folder of ["src", "packs", "frontend/src"]) {
    for (const path of files(join(options.root, folder))) {
      const names = namesIn(readFileSync(path, "utf8"));
      names.strict.forEach((name) => take(name, path, true));
      names.loose.forEach((name) => take(name, path, false));
    }
  }
  for (const name of readFileSync(options.extra, "utf8").split(/\s+/)) if (name) take(name, options.extra, true);
  if (missing.length) throw new Error(`No such icon in @tabler/icons: ${missing.join(", ")}`);
  return new Map([...found].sort(([a], [b]) => a.localeCompare(b)));
}

export function sprite(options: Options): Plugin {
  return {
    name: "linli-sprite",
    apply: "build",
    generateBundle() {
      const symbols = [...collect(options)].map(([name, file]) => symbol(name, file)).join("");
      const source = `<svg xmlns="http://www.w3.org/2000/svg">${symbols}</svg>`;
      // `originalFileName` puts the sprite into the manifest, where `{% icon %}` looks it up.
      this.emitFile({ type: "asset", name: "sprite.svg", originalFileName: "sprite.svg", source });
    },
  };
}
