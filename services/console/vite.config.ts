// Builds the console into services/console/dist, served by services/api under a strict CSP: no inline
// script or style, nothing from other origins. Only the parts of KERN that are used go in.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { trimKern } from "./trim-kern.ts";

const KERN_CSS = "virtual:kern.css";
const apiPort = process.env.HEIDEWACHT_API_PORT ?? "8090";

/** Gives KERN's style sheet as a cascade layer, so that the console's own rules come after it. */
function kern(): Plugin {
  const file = createRequire(import.meta.url).resolve("@kern-ux/native/dist/kern.css");
  return {
    name: "kern",
    resolveId: (id) => (id === KERN_CSS ? join(import.meta.dirname, "virtual-kern.css") : null),
    load: (id) =>
      id.endsWith("virtual-kern.css")
        ? `@layer kern {\n${trimKern(readFileSync(file, "utf8"))}\n}`
        : null,
  };
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [kern(), react()],
  build: {
    outDir: join(import.meta.dirname, "dist"),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    target: "es2023",
    rollupOptions: {
      output: {
        manualChunks: (id) =>
          /node_modules\/(react|react-dom|scheduler|@tanstack)\//.test(id) ? "vendor" : undefined,
      },
    },
  },
  server: { proxy: { "/api": `http://127.0.0.1:${apiPort}` } },
});
