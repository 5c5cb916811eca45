/** Queries and mutations: what goes over the wire, and what comes of every kind of answer. */
import { parse } from "graphql";
import { afterEach, beforeEach, expect, test } from "vitest";

import { createClient, DaftariError, newIdempotencyKey, type DaftariClient, type Document } from "../src/index.ts";
import { pause, ScriptedServer, type Reply } from "./server.ts";

let server: ScriptedServer;
let client: DaftariClient;

beforeEach(async () => {
  server = await ScriptedServer.start();
  client = createClient({ url: server.url });
});

afterEach(async () => {
  await client.close();
  await server.stop();
});

const failureOf = (asking: Promise<unknown>): Promise<DaftariError> =>
  asking.then(
    () => Promise.reject(new Error("it was answered")),
    (problem: unknown) => {
      expect(problem).toBeInstanceOf(DaftariError);
      return problem as DaftariError;
    },
  );

test("a document may be text, a tree, generated text, or the id of a trusted one", async () => {
  server.answer = () => ({ body: { data: { a: 1 } } });
  const tree = parse("query A { a }", { noLocation: true });
  const documents: Document<{ a: number }, object>[] = [
    "query A { a }",
    parse("query A { a }"),
    tree,
    Object("query A { a }"),
    { id: "abc" },
  ];
  for (const document of documents) expect((await client.query(document, {})).a).toBe(1);
  expect(server.asked.map(({ query, documentId }) => query ?? documentId)).toEqual([
    "query A { a }",
    "query A {\n  a\n}",
    "query A {\n  a\n}",
    "query A { a }",
    "abc",
  ]);
});

const TOP_LEVEL: [string, string][] = [
  ["UNAUTHENTICATED", "session"],
  ["FORBIDDEN", "refused"],
  ["RATE_LIMITED", "refused"],
  ["INVALID_VARIABLES", "invalid"],
  ["GRAPHQL_VALIDATION_FAILED", "invalid"],
  ["DEPTH_LIMIT_EXCEEDED", "invalid"],
  ["DOCUMENT_NOT_TRUSTED", "invalid"],
  ["INTERNAL", "server"],
  ["UNAVAILABLE", "server"],
  ["TIMEOUT", "server"],
];

test.each(TOP_LEVEL)("%s is of the kind %s", async (code, kind) => {
  server.answer = () => ({ status: 400, body: { errors: [{ message: "no", extensions: { code } }] } });
  expect(await failureOf(client.query("{ a }"))).toMatchObject({ code, kind, message: "no", requestId: "request-1" });
});

test("what the server says about help and waiting comes along", async () => {
  const extensions = { code: "INTERNAL", correlationId: "0198" };
  server.answer = () => ({
    status: 429,
    headers: { "retry-after": "7" },
    body: { errors: [{ message: "no", path: ["a"], extensions }] },
  });
  const error = await failureOf(client.query("{ a }"));
  expect(error).toMatchObject({ requestId: "0198", retryAfterSeconds: 7, isRetryable: true });
  expect(error.errors).toEqual([{ message: "no", path: ["a"], extensions }]);
});

test("a mutation that was refused is refused, field by field", async () => {
  const errors = [
    { code: "AMOUNT_EXCEEDS_REMAINING", message: "only KES 10.00 remains", field: ["input", "amount"] },
    { code: "INVALID_INPUT", message: "too long", field: null },
  ];
  server.answer = () => ({ body: { data: { fundInvoice: { invoice: null, errors } } } });
  const error = await failureOf(client.mutate("mutation { fundInvoice { errors { code } } }"));
  expect(error).toMatchObject({ kind: "refused", code: "AMOUNT_EXCEEDS_REMAINING", isRetryable: false });
  expect(error.message).toBe("only KES 10.00 remains; too long");
  expect(error.fields).toEqual([{ path: ["input", "amount"], message: "only KES 10.00 remains" }]);
});

test("execute leaves everything as it came", async () => {
  const body = { data: { pay: { errors: [{ code: "INSUFFICIENT_FUNDS" }] } }, errors: [{ message: "partly" }] };
  server.answer = () => ({ body });
  expect(await client.execute("mutation { pay }")).toEqual(body);
});

test.each<[string, Reply, object]>([
  ["no answer", {}, { kind: "network", code: "NETWORK" }],
  ["no JSON", { status: 502, body: "<h1>Bad gateway</h1>" }, { kind: "server", code: "BAD_RESPONSE" }],
  ["JSON of something else", { status: 404, body: { detail: "not found" } }, { kind: "server", code: "BAD_RESPONSE" }],
])("%s may be better the next time", async (_, reply, expected) => {
  server.answer = () => reply;
  expect(await failureOf(client.query("{ a }"))).toMatchObject({ ...expected, isRetryable: true });
});

test("nobody waits for ever, and who aborts does not wait at all", async () => {
  server.answer = async () => {
    await pause(600);
    return { body: { data: {} } };
  };
  const hurried = createClient({ url: server.url, timeoutMs: 100 });
  expect(await failureOf(hurried.query("{ a }"))).toMatchObject({ kind: "network", code: "TIMEOUT" });
  const controller = new AbortController();
  const asking = failureOf(client.query("{ a }", {}, { signal: controller.signal }));
  controller.abort();
  expect(await asking).toMatchObject({ code: "ABORTED", isRetryable: false });
  expect(await failureOf(client.query("{ a }", {}, { signal: controller.signal }))).toMatchObject({ code: "ABORTED" });
});

test("a mutation with a key is sent again when its answer is lost, with the same key", async () => {
  const away = { status: 503, body: { errors: [{ message: "later", extensions: { code: "UNAVAILABLE" } }] } };
  const answers = [{}, away, { body: { data: { pay: { replayed: true, errors: [] } } } }];
  server.answer = () => answers.shift() ?? {};
  const idempotencyKey = newIdempotencyKey();
  const data = await client.mutate(
    "mutation Pay($input: PayInput!) { pay(input: $input) { replayed } }",
    { input: { amount: "1.00" } },
    { idempotencyKey },
  );
  expect(data).toEqual({ pay: { replayed: true, errors: [] } });
  expect(server.asked.map(({ variables }) => variables)).toEqual(
    Array.from({ length: 3 }, () => ({ input: { amount: "1.00", idempotencyKey } })),
  );
});

test("a mutation without a key is sent once, and so is one that was refused", async () => {
  server.answer = () => ({});
  expect(await failureOf(client.mutate("mutation { pay }"))).toMatchObject({ code: "NETWORK" });
  expect(server.asked.length).toBe(1);
  server.answer = () => ({ body: { data: { pay: { errors: [{ code: "INSUFFICIENT_FUNDS", message: "no" }] } } } });
  expect(await failureOf(client.mutate("mutation { pay }", {}, { idempotencyKey: newIdempotencyKey() }))).toMatchObject(
    { kind: "refused" },
  );
  expect(server.asked.length).toBe(2);
});

test("a relative address needs a page, and words say so", () => {
  expect(() => createClient({ url: "/graphql" })).toThrow(/whole address/);
});
