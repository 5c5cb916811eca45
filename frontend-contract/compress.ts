/** Puts a compressed copy beside each text of a build, so that the server only has to pick one: node compress.ts FOLDER */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const COMPRESSES = new Set([".css", ".html", ".js", ".json", ".md", ".svg", ".webmanifest"]);

/** Below this a copy saves no packet on the network. */
const WORTHWHILE_BYTES = 1_024;

function compress(path: string): void {
  const content = readFileSync(path);
  if (content.length < WORTHWHILE_BYTES) {
    return;
  }
  writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
  writeFileSync(`${path}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }));
}

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  throw new Error("which folder? node compress.ts FOLDER");
}
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  if (entry.isFile() && COMPRESSES.has(extname(entry.name))) {
    compress(join(entry.parentPath, entry.name));
  }
}
