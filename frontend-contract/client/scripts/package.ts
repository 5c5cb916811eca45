/**
 * Makes the package as a registry wants it: JavaScript with types, a package.json whose exports are those, the README and
 * the licence. node scripts/package.ts puts it into dist.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

interface Manifest {
  exports: Record<string, string>;
  scripts?: unknown;
  devDependencies?: unknown;
}

const client = join(import.meta.dirname, "..");
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");

/** The folder holds the package and nothing else afterwards. */
export function makePackage(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  const project = join(client, "tsconfig.build.json");
  execFileSync(process.execPath, [tsc, "--project", project, "--outDir", folder], { stdio: "inherit" });
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(published(), null, 2)}\n`);
  copyFileSync(join(client, "README.md"), join(folder, "README.md"));
  copyFileSync(join(client, "../../LICENSE"), join(folder, "LICENSE"));
}

function published(): object {
  const manifest = JSON.parse(readFileSync(join(client, "package.json"), "utf8")) as Manifest;
  const { scripts: _scripts, devDependencies: _devDependencies, ...kept } = manifest;
  const exported = Object.entries(manifest.exports).map(([name, source]) => {
    const built = source.replace("./src/", "./").replace(/\.ts$/, "");
    return [name, { types: `${built}.d.ts`, default: `${built}.js` }];
  });
  return { ...kept, exports: Object.fromEntries(exported) };
}

if (import.meta.main) makePackage(join(client, "dist"));
