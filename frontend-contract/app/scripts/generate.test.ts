/** Every document that the app sends is one of the contract's, so that it works where a server runs no others. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import * as documents from "../src/graphql/documents";

test("servers trust every document", () => {
  const manifest = readFileSync(new URL("../../trusted-documents.json", import.meta.url), "utf8");
  const trusted = JSON.parse(manifest) as Record<string, string>;
  const sent = Object.entries(documents as Record<string, unknown>);
  expect(sent.length).toBeGreaterThan(300);
  for (const [name, text] of sent) {
    expect(trusted, name).toHaveProperty(createHash("sha256").update(String(text)).digest("hex"));
  }
});
