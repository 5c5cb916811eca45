/** How the app is built: assets under /app/, rooms in files of their own, nothing from another origin. */
import { fileURLToPath } from "node:url";

import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where `npm run dev` finds a running Daftari server. */
const server = process.env.DAFTARI_URL ?? "http://127.0.0.1:8000";

export default defineConfig({
  base: "/",
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    assetsDir: "app",
    // Nothing is inlined as a data: URL, so that the page lives under a strict content security policy.
    assetsInlineLimit: 0,
    // The colours are said once for both themes, by light-dark(): browsers of 2024 and later know it.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    license: { fileName: "app/licences.md" },
  },
  server: {
    fs: { allow: [".."] },
    proxy: {
      "/graphql": { target: server, ws: true },
      "/demo-users": { target: server },
      "/files": { target: server },
    },
  },
});
