/** A project that has the package installed as it is published, with what it needs and what it fits beside it. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build, type Rolldown } from "vite";

import { makePackage } from "../scripts/package.ts";

const modules = fileURLToPath(new URL("../../node_modules/", import.meta.url));
const BESIDE = ["graphql-ws", "react", "@types/react", "@apollo/client", "@urql/core"];

export class Project {
  readonly folder = mkdtempSync(join(tmpdir(), "daftari-client-"));
  readonly entry = this.path("node_modules/@daftari/client/index.js");

  constructor() {
    writeFileSync(this.path("package.json"), JSON.stringify({ type: "module" }));
    makePackage(dirname(this.entry));
    for (const name of BESIDE) {
      mkdirSync(dirname(this.path("node_modules", name)), { recursive: true });
      symlinkSync(modules + name, this.path("node_modules", name));
    }
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  /**
   * The core as an application's build makes it: minified, with graphql-ws inside. It leaves its names in `daftari`.
   */
  async bundledCore(): Promise<Rolldown.OutputChunk> {
    const made = (await build({
      configFile: false,
      logLevel: "silent",
      build: {
        write: false,
        target: "es2023",
        lib: { entry: this.entry, formats: ["iife"], name: "daftari" },
      },
    })) as Rolldown.RolldownOutput[];
    return (made[0] as Rolldown.RolldownOutput).output[0];
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
