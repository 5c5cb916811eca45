/**
 * Makes src/graphql from the schema and the canonical operations: one module a room, with the types of what each
 * operation takes and answers, and the operations themselves as text: letter for letter what trusted-documents.json has,
 * so that the app works with a server that runs no others. Rooms are modules of their own so that a screen loads no other
 * room's documents; documents.ts names them all.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { codegen } from "@graphql-codegen/core";
import * as operationTypes from "@graphql-codegen/typescript-operations";
import {
  buildSchema,
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  parse,
  print,
  visit,
} from "graphql";

const contract = join(import.meta.dirname, "../..");
const target = join(import.meta.dirname, "../src/graphql");
const banner = "/** Made by scripts/generate.ts from the schema and the operations; not edited by hand. */\n";

interface Operation {
  name: string;
  type: "Query" | "Mutation" | "Subscription";
  location: string;
  text: string;
  document: DocumentNode;
}

function readOperations(room: string): Operation[] {
  const folder = join(contract, "operations", room);
  const files = readdirSync(folder).filter((name) => name.endsWith(".graphql"));
  return files.sort().map((name) => {
    const location = join(folder, name);
    const text = readFileSync(location, "utf8");
    const document = parse(text, { noLocation: true });
    const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
    if (!operation?.name) throw new Error(`${location} has no named operation`);
    const type = (operation.operation[0]!.toUpperCase() + operation.operation.slice(1)) as Operation["type"];
    const named = { name: operation.name.value, type };
    return { ...named, location, text: print(document), document: ownFragments(document, named.name) };
  });
}

/** Fragments are written in the file of their operation, so two files may call theirs the same; their types may not. */
function ownFragments(document: DocumentNode, operation: string): DocumentNode {
  const renamed = <N extends { name: { value: string } }>(node: N): N => ({
    ...node,
    name: { ...node.name, value: operation + node.name.value },
  });
  return visit(document, { FragmentDefinition: renamed, FragmentSpread: renamed });
}

/** What the schema's own types are called in TypeScript: numbers that must stay exact are strings. */
const naming = {
  scalars: {
    ID: "string",
    Decimal: "string",
    DateTime: "string",
    Date: "string",
    Cursor: "string",
    CurrencyCode: "string",
    JSON: "unknown",
  },
  defaultScalarType: "string",
  namingConvention: "keep",
  enumType: "string-literal",
  disableDescriptions: true,
  inputMaybeValue: "T | null | undefined",
  skipTypename: true,
};

async function typesOf(schema: GraphQLSchema, file: string, operations: Operation[], config: object): Promise<string> {
  const types = await codegen({
    filename: join(target, file),
    schema: parse("type Query { unused: Boolean }"),
    schemaAst: schema,
    documents: operations.map(({ location, document }) => ({ location, document })),
    plugins: [{ types: { ...naming, ...config } }],
    pluginMap: { types: operationTypes },
    config: {},
    skipDocumentsValidation: true,
  });
  // A helper for @defer, which no operation uses; each module would export one of the same name.
  return types.replace(/^.*\nexport type Incremental<.*\n/m, "");
}

function documentsOf(operations: Operation[]): string {
  return operations
    .map(({ name, type, text }) => {
      const typed = `TypedDocumentNode<${name}${type}, ${name}${type}Variables>`;
      return `export const ${name}Document = ${JSON.stringify(text)} as unknown as ${typed};\n`;
    })
    .join("");
}

/** Files that are right already are left alone, so that a running `npm run dev` reloads only what changed. */
function keep(modules: ReadonlyMap<string, string>): void {
  mkdirSync(target, { recursive: true });
  for (const [name, text] of modules) {
    const file = join(target, name);
    if (!existsSync(file) || readFileSync(file, "utf8") !== text) writeFileSync(file, text);
  }
  for (const name of readdirSync(target)) if (!modules.has(name)) rmSync(join(target, name));
}

async function generate(): Promise<void> {
  const schema = buildSchema(readFileSync(join(contract, "schema.graphql"), "utf8"), { assumeValid: true });
  const rooms = readdirSync(join(contract, "operations")).sort();
  const operations = new Map(rooms.map((room) => [room, readOperations(room)]));
  const all = [...operations.values()].flat();
  const modules = new Map([
    ["schema.ts", banner + (await typesOf(schema, "schema.ts", all, { generateOperationTypes: false }))],
    [
      "documents.ts",
      `${banner}export type * from "./schema";\n${rooms.map((room) => `export * from "./${room}";\n`).join("")}`,
    ],
  ]);
  for (const [room, own] of operations) {
    const types = await typesOf(schema, `${room}.ts`, own, {
      importSchemaTypesFrom: join(target, "schema"),
      namespacedImportName: "Types",
    });
    const head = 'import type { TypedDocumentNode } from "@graphql-typed-document-node/core";\n';
    modules.set(`${room}.ts`, banner + head + types + documentsOf(own));
  }
  keep(modules);
}

await generate();
