import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

/** The first ones with constructable style sheets, :has() and color-mix(). */
const BROWSERS = ["chrome111", "firefox121", "safari16.4"];

/** A transport that neither server nor widget speaks. */
const withoutWebTransport: Plugin = {
  name: "without-webtransport",
  enforce: "pre",
  resolveId: (id) => (id === "./webtransport.js" ? "\0webtransport" : null),
  load: (id) => (id === "\0webtransport" ? "export const WT = null;" : null),
};

export default defineConfig({
  plugins: [withoutWebTransport],
  resolve: { alias: { "@shared": fileURLToPath(new URL("../shared/src", import.meta.url)) } },
  server: { fs: { allow: [".."] } },
  build: {
    lib: { entry: "src/main.ts", name: "RasaProactiveBundle", formats: ["iife"], fileName: () => "widget.js" },
    target: BROWSERS,
    cssTarget: BROWSERS,
    reportCompressedSize: true,
  },
  define: { "process.env.NODE_ENV": JSON.stringify("production") },
});
