/**
 * Puts beside the built files what a registry wants: a package.json whose exports are JavaScript with types, the README
 * and the licence.
 */
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";

interface Manifest {
  exports: Record<string, string>;
  scripts?: unknown;
  devDependencies?: unknown;
}

const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
const { scripts: _scripts, devDependencies: _devDependencies, ...published } = manifest;

const exported = Object.entries(manifest.exports).map(([name, source]) => {
  const built = source.replace("./src/", "./").replace(/\.ts$/, "");
  return [name, { types: `${built}.d.ts`, default: `${built}.js` }];
});

writeFileSync(
  "dist/package.json",
  `${JSON.stringify({ ...published, exports: Object.fromEntries(exported) }, null, 2)}\n`,
);
copyFileSync("README.md", "dist/README.md");
copyFileSync("../../LICENSE", "dist/LICENSE");
