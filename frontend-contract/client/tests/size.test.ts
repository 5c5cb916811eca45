/** The package stays small: what a page loads, compressed as servers compress it. */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

import { expect, test } from "vitest";

import { bundledCore } from "./bundle.ts";

const LIMIT_BYTES = 15 * 1_024;

test("the core with graphql-ws is under 15 KB", async () => {
  const { code, imports, dynamicImports } = await bundledCore();
  const { length } = gzipSync(code, { level: 9 });
  console.log(`@daftari/client with graphql-ws: ${(length / 1_024).toFixed(1)} KB gzipped`);
  expect(length).toBeLessThan(LIMIT_BYTES);
  expect([...imports, ...dynamicImports], "all of it is in there").toEqual([]);
});

test("graphql-ws is all that comes along at run time", () => {
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    dependencies: object;
  };
  expect(Object.keys(manifest.dependencies)).toEqual(["graphql-ws"]);
});
