/**
 * A bundle as an application's build makes it: minified, with graphql-ws inside. It leaves the core's names in
 * `daftari`.
 */
import { fileURLToPath } from "node:url";

import { build, type Rolldown } from "vite";

export async function bundledCore(): Promise<Rolldown.OutputChunk> {
  const made = (await build({
    configFile: false,
    logLevel: "silent",
    build: {
      write: false,
      target: "es2023",
      lib: { entry: fileURLToPath(new URL("../src/index.ts", import.meta.url)), formats: ["iife"], name: "daftari" },
    },
  })) as Rolldown.RolldownOutput[];
  return (made[0] as Rolldown.RolldownOutput).output[0];
}
