/** What is read from files, for tests that run in Node. */
import { readFileSync } from "node:fs";

import { buildSchema, type GraphQLSchema } from "graphql";

/** The schema, as the API exports it. It is large: build it once for all tests of a file. */
export function readSchema(): GraphQLSchema {
  return buildSchema(readFileSync(new URL("../../schema.graphql", import.meta.url), "utf8"), { assumeValid: true });
}
