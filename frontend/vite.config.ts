import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { sprite } from "./build/sprite.ts";
import { shellList } from "./build/shell.ts";
import { generations } from "./build/generations.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Entries by name; an island of another app is one more line here and `{% asset "name" %}` in its template. */
const entries = {
  portal: here("./src/portal.ts"),
  desk: here("./src/desk.ts"),
  print: here("./src/print.ts"),
  sw: here("./src/sw.ts"),
  matter: here("./src/islands/matter.ts"),
  process: here("./src/islands/process.ts"),
  passkey: here("./src/islands/passkey.ts"),
  map: here("./src/islands/map.ts"),
  outline: here("./src/islands/outline.ts"),
  field: here("./src/islands/field.ts"),
};

/** Built here first; `generations` moves the result into `dist`, which a running city serves. */
const making = here("./node_modules/.linli-build");

export default defineConfig({
  base: "./",
  publicDir: here("./public"),
  plugins: [
    sprite({ root: here("../"), extra: here("./icons.txt") }),
    shellList({ entry: "sw", precache: { shell: ["portal"], field: ["desk", "field"] } }),
    generations({ from: making, to: here("./dist") }),
  ],
  // The map's worker is a file of ours: the policy allows no blob.
  worker: { format: "es" },
  build: {
    outDir: making,
    emptyOutDir: true,
    manifest: true,
    target: "chrome109",
    cssTarget: "chrome109",
    // Inlined assets would be data: addresses; icons and pictures stay files so that the content security policy can stay narrow.
    assetsInlineLimit: 0,
    modulePreload: false,
    rollupOptions: {
      // htmx holds one eval for `hx-on`; every page switches it off (allowEval:false) and the policy forbids it.
      checks: { eval: false },
      input: entries,
      output: {
        // The service worker keeps one name: a browser looks for its successor at the same address.
        entryFileNames: (chunk) => (chunk.name === "sw" ? "sw.js" : "assets/[name]-[hash].js"),
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: "assets/[name]-[hash][extname]",
      },
    },
  },
});
