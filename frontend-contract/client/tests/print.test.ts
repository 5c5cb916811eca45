/** Trees of documents are written as text that means the same, for every operation of the contract. */
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { parse, stripIgnoredCharacters, type DocumentNode } from "graphql";
import { expect, test } from "vitest";

import { partOf } from "../src/documents.ts";

const operations = fileURLToPath(new URL("../../operations/", import.meta.url));
const files = globSync("**/*.graphql", { cwd: operations });

const textOf = (document: DocumentNode): string => (partOf(document) as { query: string }).query;

test("every canonical operation survives", () => {
  expect(files.length).toBeGreaterThan(300);
  for (const file of files) {
    const tree = parse(readFileSync(operations + file, "utf8"), { noLocation: true });
    expect(parse(textOf(tree), { noLocation: true }), file).toEqual(tree);
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
