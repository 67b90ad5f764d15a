/** Vite plugin: writes the built files of some entries into the service worker, as the list that it keeps off line. */
import type { Plugin } from "vite";

interface Options {
  /** Name of the service worker's entry. */
  entry: string;
  /** Names of the entries whose scripts and styles are kept. */
  precache: string[];
}

export function shellList(options: Options): Plugin {
  return {
    name: "linli-shell-list",
    apply: "build",
    enforce: "post",
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
      const kept = new Set<string>();
      const keep = (name: string): void => {
        const chunk = chunks.find((file) => file.fileName === name);
        if (!chunk || kept.has(name)) return;
        kept.add(name);
        chunk.viteMetadata?.importedCss.forEach((css) => kept.add(css));
        chunk.imports.forEach(keep);
      };
      chunks.filter((file) => file.isEntry && options.precache.includes(file.name)).forEach((file) => keep(file.fileName));
      const worker = chunks.find((file) => file.isEntry && file.name === options.entry);
      if (!worker) throw new Error(`No entry named ${options.entry}`);
      for (const file of Object.values(bundle)) if (file.fileName.includes("sprite-")) kept.add(file.fileName);
      worker.code = worker.code.replace(/["'`]__SHELL__["'`]/, JSON.stringify(JSON.stringify([...kept].sort())));
    },
  };
}
