/** How the page is built: assets under /graphiql/, nothing from another origin, and the licences of what is bundled beside it. */
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where `npm run dev` finds a running Daftari server. */
const server = process.env.DAFTARI_URL ?? "http://127.0.0.1:8000";

export default defineConfig({
  base: "/graphiql/",
  plugins: [react()],
  build: {
    // Nothing is inlined as a data: URL, so that the page also lives under a strict content security policy.
    assetsInlineLimit: 0,
    // Monaco is one large chunk, loaded after the first paint; splitting it further only adds round trips.
    chunkSizeWarningLimit: 4000,
    // GraphiQL ships code for a compiler that this build does not run; its marks are noise here.
    rolldownOptions: { checks: { moduleLevelDirective: false } },
    license: { fileName: "licences.md" },
  },
  worker: { format: "es" },
  server: {
    fs: { allow: [".."] },
    proxy: {
      "/graphql": { target: server, ws: true },
      "/demo-users": { target: server },
    },
  },
});
