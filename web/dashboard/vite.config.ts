import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig, type ProxyOptions } from "vite";

// `API=http://127.0.0.1:8000 npm run dev` shows the pages against a running API.
const api: ProxyOptions = { target: process.env.API ?? "http://127.0.0.1:8000" };
const proxy = { "/v1": api, "/openapi.json": api, "/readyz": api };

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@shared": fileURLToPath(new URL("../shared/src", import.meta.url)) } },
  server: { proxy, fs: { allow: [".."] } },
  preview: { proxy },
  build: {
    target: "es2022",
    // Inlined files would be data: addresses, which the content security policy forbids.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
  },
});
