/** Vite plugin: writes the built files of some entries into the service worker, as the lists that its parts keep off line. */
import type { Plugin } from "vite";

interface Options {
  /** Name of the service worker's entry. */
  entry: string;
  /** Part -> names of the entries whose scripts and styles it keeps. */
  precache: Record<string, string[]>;
}

export function shellList(options: Options): Plugin {
  return {
    name: "linli-shell-list",
    apply: "build",
    enforce: "post",
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
      const worker = chunks.find((file) => file.isEntry && file.name === options.entry);
      if (!worker) throw new Error(`No entry named ${options.entry}`);
      const sprites = Object.keys(bundle).filter((name) => name.includes("sprite-"));
      const lists: Record<string, string[]> = {};
      for (const [part, names] of Object.entries(options.precache)) {
        const kept = new Set<string>(sprites);
        const keep = (name: string): void => {
          const chunk = chunks.find((file) => file.fileName === name);
          if (!chunk || kept.has(name)) return;
          kept.add(name);
          chunk.viteMetadata?.importedCss.forEach((css) => kept.add(css));
          chunk.imports.forEach(keep);
        };
        chunks.filter((file) => file.isEntry && names.includes(file.name)).forEach((file) => keep(file.fileName));
        lists[part] = [...kept].sort();
      }
      worker.code = worker.code.replace(/["'`]__SHELL__["'`]/, JSON.stringify(JSON.stringify(lists)));
    },
  };
}
