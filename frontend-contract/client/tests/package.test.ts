/** The package as it is published: found by Node and by TypeScript, small, and at home where there is no browser. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createContext, runInContext } from "node:vm";
import { gzipSync } from "node:zlib";

import ts from "typescript";
import type { Rolldown } from "vite";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";

import type * as Daftari from "../src/index.ts";
import manifest from "../package.json" with { type: "json" };
import { Project } from "./installed.ts";
import { ScriptedServer, tokens, until } from "./server.ts";

const LIMIT_BYTES = 15 * 1_024;
const ENTRIES = Object.keys(manifest.exports).map((entry) => entry.replace(".", "@daftari/client"));

let project: Project;
let core: Rolldown.OutputChunk;
let server: ScriptedServer;

beforeAll(async () => {
  project = new Project();
  core = await project.bundledCore();
});

afterAll(() => project.remove());

beforeEach(async () => {
  server = await ScriptedServer.start();
});

afterEach(() => server.stop());

test("the core with graphql-ws, and nothing else, is under 15 KB", () => {
  const { length } = gzipSync(core.code, { level: 9 });
  console.log(`@daftari/client with graphql-ws: ${(length / 1_024).toFixed(1)} KB gzipped`);
  expect(length).toBeLessThan(LIMIT_BYTES);
  expect([...core.imports, ...core.dynamicImports], "all of it is in there").toEqual([]);
  const modules = core.moduleIds.filter((id) => !id.startsWith("\0"));
  const parts = modules.map((id) => /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(id)?.[1]);
  expect(new Set(parts)).toEqual(new Set(["@daftari/client", "graphql-ws"]));
  expect(Object.keys(manifest.dependencies)).toEqual(["graphql-ws"]);
});

test("Node finds every entry", () => {
  const asked = `for (const name of ${JSON.stringify(ENTRIES)}) console.log(Object.keys(await import(name)).join(" "));`;
  const node = [process.execPath, ["--input-type=module", "--eval", asked]] as const;
  const told = execFileSync(...node, { cwd: project.folder, encoding: "utf8" }).trim().split("\n");
  expect(told).toHaveLength(ENTRIES.length);
  expect(told[0]).toContain("createClient");
  expect(told.slice(1).join(" ")).toMatch(/useQuery.* daftariLink daftariExchange$/);
});

const MISTAKES = `
import { createClient } from "@daftari/client";
import { useConnection } from "@daftari/client/react";
import { daftariLink } from "@daftari/client/apollo";
import { daftariExchange } from "@daftari/client/urql";
createClient({ url: 1 });
export const late = useConnection().status === "late";
daftariLink("a client");
daftariExchange("a client");
`;

test.each([
  ["bundlers", ts.ModuleKind.ESNext, ts.ModuleResolutionKind.Bundler],
  ["Node", ts.ModuleKind.Node16, ts.ModuleResolutionKind.Node16],
])("TypeScript knows the types of every entry, as %s resolve it", (_, module, moduleResolution) => {
  const file = project.path("mistakes.ts");
  writeFileSync(file, MISTAKES);
  const options: ts.CompilerOptions = {
    module,
    moduleResolution,
    target: ts.ScriptTarget.ES2023,
    lib: ["lib.es2023.d.ts"],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  };
  const program = ts.createProgram([file], options);
  const found = program.getSemanticDiagnostics(program.getSourceFile(file));
  const lines = found.map(({ start = 0 }) => MISTAKES.slice(0, start).split("\n").length - 1);
  expect(lines, "each mistake is one, and every import is found").toEqual([5, 6, 7, 8]);
});

/** Names that were read and not found are not errors in JavaScript, so what is missing is made to fail when touched. */
function bareContext(): object {
  const forbidden = [
    "window",
    "document",
    "self",
    "URL",
    "URLSearchParams",
    "Blob",
    "Event",
    "EventTarget",
    "process",
    "Buffer",
  ];
  const context = createContext({ setTimeout, clearTimeout, fetch, WebSocket });
  for (const name of forbidden) {
    Object.defineProperty(context, name, {
      get: () => {
        throw new Error(`the core touched ${name}`);
      },
    });
  }
  return context;
}

test("the language, timers, fetch and WebSocket are enough, as React Native has them", async () => {
  server.greet = (peer) => peer.acknowledge();
  server.answer = ({ query = "" }) => ({ body: { data: query.includes("login(") ? { login: tokens(1) } : { a: 1 } } });
  const { createClient, browserStorage, money, newIdempotencyKey } = runInContext(
    `${core.code}; daftari`,
    bareContext(),
  ) as typeof Daftari;

  const client = createClient({ url: server.url, storage: browserStorage() });
  await client.signIn({ email: "asha@daftari.example", password: "a good password" });
  expect(await client.query("{ a }")).toEqual({ a: 1 });
  const heard: string[] = [];
  client.feed<{ feed: { __typename: "Moved"; amount: string } }>(
    "subscription F($after: Cursor) { feed(after: $after) { x } }",
    {},
    {
      onItem: ({ amount }) => heard.push(amount),
    },
  );
  for (const [position, amount] of ["1.10", "2.20"].entries()) {
    await until("the feed is open", () => server.peers.length === position + 1 && server.peer.opened.length === 1);
    server.peer.tell({ __typename: "Ready", cursor: "c1.10", recovered: position > 0 });
    server.peer.tell({ __typename: "Moved", cursor: `c${amount}`, amount });
    await until("it was heard", () => heard.at(-1) === amount);
    if (position === 0) server.peer.cut();
  }
  expect(server.peer.opened[0]?.payload).toMatchObject({ variables: { after: "c1.10" } });
  expect(money.sum(heard)).toBe("3.30");
  expect(money.format({ amount: "3.30", currency: "KES" })).toContain("3.30");
  expect(newIdempotencyKey()).not.toBe(newIdempotencyKey());
  await client.close();
});
