/** Tokens are renewed once however many ask, and only a clear refusal ends a session. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Answer, GraphQLRequest } from "../src/http";
import { createSession, SignInRefused, type Session } from "../src/session";

const USER = { id: "u1", name: "Asha", roles: ["SELLER"] };
const LIFETIME_MS = 300_000;

/** A server that hands out tokens t1, t2, ... and takes each refresh token once. */
function createServer() {
  const server = {
    issued: 0,
    asked: [] as GraphQLRequest[],
    down: false,
    revoked: false,
    async post(request: GraphQLRequest): Promise<Answer> {
      server.asked.push(request);
      await Promise.resolve();
      if (server.down) throw new TypeError("Failed to fetch");
      const field = request.query.includes("login(") ? "login" : "refreshToken";
      const spent = field === "refreshToken" && request.variables?.["refreshToken"] !== `r${server.issued}`;
      const wrong = field === "login" && request.variables?.["password"] !== "right";
      if (server.revoked || spent || wrong) return refusal(field);
      server.issued += 1;
      const expiresAt = new Date(Date.now() + LIFETIME_MS).toISOString();
      const payload = { accessToken: `t${server.issued}`, refreshToken: `r${server.issued}`, expiresAt, user: USER, errors: [] };
      return { status: 200, result: { data: { [field]: payload } } };
    },
  };
  return server;
}

function refusal(field: string): Answer {
  return { status: 200, result: { data: { [field]: { accessToken: null, errors: [{ code: "REFUSED", message: "No." }] } } } };
}

function createStorage() {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}

let server: ReturnType<typeof createServer>;
let storage: ReturnType<typeof createStorage>;
let session: Session;

beforeEach(async () => {
  vi.useFakeTimers();
  server = createServer();
  storage = createStorage();
  session = createSession(server.post, storage);
  await session.signIn("asha@example.test", "right");
});

afterEach(() => vi.useRealTimers());

test("signing in keeps the tokens for a reload of the tab, signing out forgets them", async () => {
  expect(await createSession(server.post, storage).accessToken()).toBe("t1");
  session.signOut();
  expect(await session.accessToken()).toBeNull();
  expect(storage.kept.size).toBe(0);
});

test("a wrong password is refused in the server's words and keeps who was signed in", async () => {
  await expect(session.signIn("asha@example.test", "wrong")).rejects.toThrow(new SignInRefused("No."));
  expect(await session.accessToken()).toBe("t1");
});

test("requests that are refused together share one renewal", async () => {
  expect(await Promise.all([session.renew("t1"), session.renew("t1"), session.renew("t1")])).toEqual([true, true, true]);
  expect(await session.accessToken()).toBe("t2");
  expect(server.asked).toHaveLength(2);
});

test("a request that was refused with an older token renews nothing", async () => {
  await session.renew("t1");
  expect(await session.renew("t1")).toBe(true);
  expect(await session.accessToken()).toBe("t2");
});

test("the token is renewed before it expires, without anybody asking", async () => {
  await vi.advanceTimersByTimeAsync(LIFETIME_MS);
  expect(session.state.get().tokens?.accessToken).toBe("t2");
});

test("a refused renewal ends the session and says why", async () => {
  server.revoked = true;
  expect(await session.renew("t1")).toBe(false);
  expect(session.state.get()).toEqual({ tokens: null, notice: "Signed out: No." });
});

test("a network that is down ends nothing", async () => {
  server.down = true;
  await expect(session.renew("t1")).rejects.toThrow("Failed to fetch");
  expect(await session.accessToken()).toBe("t1");
});

test("signing out while a renewal is on its way stays signed out", async () => {
  const renewal = session.renew("t1");
  session.signOut();
  expect(await renewal).toBe(false);
  expect(await session.accessToken()).toBeNull();
});
