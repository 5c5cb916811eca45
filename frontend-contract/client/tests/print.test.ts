/** Trees of documents are written as the text that servers trust, for every operation of the contract. */
import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { parse, print, stripIgnoredCharacters, type DocumentNode } from "graphql";
import { expect, test } from "vitest";

import { partOf } from "../src/documents.ts";

const contract = fileURLToPath(new URL("../../", import.meta.url));
const files = globSync("operations/**/*.graphql", { cwd: contract });

const textOf = (document: DocumentNode): string => (partOf(document) as { query: string }).query;

test("every canonical operation is written as GraphQL's printer does, which is how servers know it", () => {
  const trusted = JSON.parse(readFileSync(`${contract}trusted-documents.json`, "utf8")) as Record<string, string>;
  expect(files.length).toBeGreaterThan(300);
  for (const file of files) {
    const tree = parse(readFileSync(contract + file, "utf8"), { noLocation: true });
    const text = textOf(tree);
    expect(text, file).toBe(print(tree));
    expect(trusted, file).toHaveProperty(createHash("sha256").update(text).digest("hex"));
  }
});

test("what the operations do not use survives too", () => {
  const text = `query A($b: [Int!]! = [1, 2] @c, $d: E = { f: "g\\n\\"", h: null, i: 1.5, j: K, l: true }) @m(n: $b) {
    o: p(q: $d) @include(if: true) { ...r @skip(if: false) ... on S { t } ... { u } }
  }
  fragment r on S { __typename }`;
  const tree = parse(text, { noLocation: true });
  expect(parse(textOf(tree), { noLocation: true })).toEqual(tree);
  expect(stripIgnoredCharacters(textOf(tree))).toBe(stripIgnoredCharacters(text));
});

test("a schema is no document to be run", () => {
  expect(() => textOf(parse("type A { b: Int }", { noLocation: true }))).toThrow(/ObjectTypeDefinition/);
});
