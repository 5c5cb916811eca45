/** Sign-in, renewal in single flight, tabs that share a storage, and what remains after a visit. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

import { afterEach, beforeEach, expect, test } from "vitest";

import { createClient, memoryStorage, type DaftariClient, type DaftariError, type TokenStorage } from "../src/index.ts";
import * as documents from "../src/session-documents.ts";
import { pause, refusal, ScriptedServer, tokens, until, type Asked, type Reply } from "./server.ts";

const CREDENTIALS = { email: "asha@daftari.example", password: "a good password" };

let server: ScriptedServer;
let clients: DaftariClient[];
let signedOut: string[];
/** The number of the refresh token that is good now; each use makes the next one. */
let current: number;
let renewals: number;

beforeEach(async () => {
  server = await ScriptedServer.start();
  server.answer = answer;
  clients = [];
  signedOut = [];
  current = 1;
  renewals = 0;
});

afterEach(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await server.stop();
});

function connect(storage: TokenStorage = memoryStorage()): DaftariClient {
  const client = createClient({ url: server.url, storage, onSignedOut: (reason) => signedOut.push(reason) });
  clients.push(client);
  return client;
}

/** As Daftari does it: a refresh token is good once, and only the latest access token is accepted. */
function answer({ query = "", variables, authorization }: Asked): Reply {
  if (query.includes("login(")) return { body: { data: { login: tokens(current) } } };
  if (query.includes("refreshToken(")) {
    renewals += 1;
    const { refreshToken } = variables?.["input"] as { refreshToken: string };
    if (refreshToken !== `refresh-${current}`)
      return { body: { data: { refreshToken: refusal("INVALID_REFRESH_TOKEN") } } };
    current += 1;
    return { body: { data: { refreshToken: tokens(current) } } };
  }
  if (query.includes("logout")) return { body: { data: { logout: { endedSessions: 1 } } } };
  if (authorization !== `Bearer access-${current}`) {
    return { status: 401, body: { errors: [{ message: "expired", extensions: { code: "UNAUTHENTICATED" } }] } };
  }
  return { body: { data: { me: { name: "Asha Patel" } } } };
}

const ME = "{ me { name } }";

test("who signs in is known, and their requests carry the token", async () => {
  const client = connect();
  expect(client.session.get()).toEqual({ status: "signed-out" });
  const user = await client.signIn(CREDENTIALS);
  expect(user.name).toBe("Asha Patel");
  expect(client.session.get()).toMatchObject({ status: "signed-in", user: { id: user.id } });
  expect(await client.query(ME)).toEqual({ me: { name: "Asha Patel" } });
  expect(server.asked.at(-1)?.authorization).toBe("Bearer access-1");
});

test("a refused sign-in leaves nobody signed in, and says what and for how long", async () => {
  const storage = memoryStorage();
  const client = connect(storage);
  server.answer = () => ({ body: { data: { login: refusal("TOO_MANY_ATTEMPTS", { retryAfterSeconds: 30 }) } } });
  const error = await client.signIn(CREDENTIALS).catch((problem: unknown) => problem as DaftariError);
  expect(error).toMatchObject({
    name: "DaftariError",
    kind: "refused",
    code: "TOO_MANY_ATTEMPTS",
    retryAfterSeconds: 30,
    requestId: "request-1",
  });
  expect(client.session.get()).toEqual({ status: "signed-out" });
  expect(storage.read()).toBeNull();
});

test("many requests with a token that has expired renew it once", async () => {
  const client = connect();
  await client.signIn(CREDENTIALS);
  server.answer = async (asked) => {
    if (asked.query?.includes("refreshToken(")) await pause(30);
    if (asked.authorization === "Bearer access-1")
      return { status: 401, body: { errors: [{ message: "expired", extensions: { code: "UNAUTHENTICATED" } }] } };
    return answer(asked);
  };
  const answers = await Promise.all(Array.from({ length: 8 }, () => client.query(ME)));
  expect(answers).toEqual(Array.from({ length: 8 }, () => ({ me: { name: "Asha Patel" } })));
  expect(renewals).toBe(1);
});

test("a token is renewed before it ends", async () => {
  const client = connect();
  server.answer = (asked) =>
    asked.query?.includes("login(") ? { body: { data: { login: tokens(1, 200) } } } : answer(asked);
  await client.signIn(CREDENTIALS);
  await pause(170);
  await client.query(ME);
  expect(renewals).toBe(1);
  expect(server.asked.filter(({ query }) => query === ME).map(({ authorization }) => authorization)).toEqual([
    "Bearer access-2",
  ]);
});

test("a clock that is far ahead does not make every request renew", async () => {
  const client = connect();
  server.answer = (asked) =>
    asked.query?.includes("login(") ? { body: { data: { login: tokens(1, -3_600_000) } } } : answer(asked);
  await client.signIn(CREDENTIALS);
  await client.query(ME);
  await client.query(ME);
  expect(renewals).toBe(0);
});

test("a session that the server ended has expired, and is forgotten", async () => {
  const storage = memoryStorage();
  const client = connect(storage);
  await client.signIn(CREDENTIALS);
  current = 5;
  const error = await client.query(ME).catch((problem: unknown) => problem as DaftariError);
  expect(error).toMatchObject({ kind: "session", code: "UNAUTHENTICATED" });
  expect(client.session.get()).toMatchObject({ status: "expired", user: { name: "Asha Patel" } });
  expect(signedOut).toEqual(["expired"]);
  expect(storage.read()).toBeNull();
});

test("a server in trouble ends no session", async () => {
  const client = connect();
  await client.signIn(CREDENTIALS);
  current = 2;
  server.answer = (asked) =>
    asked.query?.includes("refreshToken(") ? { status: 502, body: "bad gateway" } : answer(asked);
  const error = await client.query(ME).catch((problem: unknown) => problem as DaftariError);
  expect(error).toMatchObject({ kind: "server", code: "BAD_RESPONSE", isRetryable: true });
  expect(client.session.get().status).toBe("signed-in");
});

test("the next visit goes on with the session, also from a storage that answers later", async () => {
  const storage = memoryStorage();
  await connect(storage).signIn(CREDENTIALS);
  const again = connect(storage);
  expect(again.session.get()).toMatchObject({ status: "signed-in", user: { name: "Asha Patel" } });
  expect(await again.query(ME)).toEqual({ me: { name: "Asha Patel" } });

  const slow = connect({ read: async () => storage.read(), write: async (kept) => storage.write(kept) });
  expect(slow.session.get()).toEqual({ status: "restoring" });
  expect(await slow.query(ME)).toEqual({ me: { name: "Asha Patel" } });
  expect(slow.session.get().status).toBe("signed-in");
  expect(renewals, "each visit begins with a renewal").toBe(2);
});

/** What browsers do: writing tells the other tabs. */
function tabs(count: number): TokenStorage[] {
  const shared = memoryStorage();
  const watchers = new Map<number, () => void>();
  return Array.from({ length: count }, (_, tab) => ({
    read: shared.read,
    write(kept) {
      void shared.write(kept);
      for (const [other, changed] of watchers) if (other !== tab) queueMicrotask(changed);
    },
    watch(changed) {
      watchers.set(tab, changed);
      return () => void watchers.delete(tab);
    },
  }));
}

test("tabs take turns and never use a refresh token twice", async () => {
  const [first, second] = tabs(2).map(connect) as [DaftariClient, DaftariClient];
  await first.signIn(CREDENTIALS);
  await until("the other tab knows", () => second.session.get().status === "signed-in");
  // In this test, as on the server, only the latest token is good, so each tab's request makes the other's token old.
  for (let round = 0; round < 5; round += 1) {
    await first.query(ME);
    await second.query(ME);
  }
  await Promise.all([first.execute(ME), second.execute(ME)]);
  expect(first.session.get().status).toBe("signed-in");
  expect(second.session.get().status).toBe("signed-in");
  expect(signedOut).toEqual([]);
});

test("signing out in one tab signs out the others", async () => {
  const [first, second] = tabs(2).map(connect) as [DaftariClient, DaftariClient];
  await first.signIn(CREDENTIALS);
  await until("the other tab knows", () => second.session.get().status === "signed-in");
  await second.signOut();
  await until("the first tab knows", () => first.session.get().status === "signed-out");
  expect(signedOut).toEqual(["signed-out", "signed-out"]);
});

test("an answer that comes after signing out brings nobody back", async () => {
  const storage = memoryStorage();
  const client = connect(storage);
  await client.signIn(CREDENTIALS);
  current = 1;
  server.answer = async (asked) => {
    if (asked.query?.includes("refreshToken(")) await pause(60);
    if (asked.query === ME)
      return { status: 401, body: { errors: [{ message: "expired", extensions: { code: "UNAUTHENTICATED" } }] } };
    return answer(asked);
  };
  const asking = client.query(ME).catch(() => undefined);
  await pause(25);
  await client.signOut();
  await asking;
  expect(client.session.get()).toEqual({ status: "signed-out" });
  expect(storage.read()).toBeNull();
});

test("a key of a program takes the place of a session", async () => {
  const client = createClient({ url: server.url, apiKey: "access-1" });
  clients.push(client);
  expect(await client.query(ME)).toEqual({ me: { name: "Asha Patel" } });
});

test("the client's own documents are trusted ones", () => {
  const trusted = JSON.parse(readFileSync(new URL("../../trusted-documents.json", import.meta.url), "utf8")) as Record<
    string,
    string
  >;
  for (const document of Object.values(documents)) {
    expect(trusted[createHash("sha256").update(document).digest("hex")]).toBe(document);
  }
});
