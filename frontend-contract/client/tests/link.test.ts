/** The connection: its badge, its patience, and tokens that are renewed while it is open. */
import { afterEach, beforeEach, expect, test } from "vitest";

import { createClient, createStore, type ConnectionState, type DaftariClient } from "../src/index.ts";
import { pause, ScriptedServer, tokens, until } from "./server.ts";

const DOCUMENT = "subscription Feed($after: Cursor) { feed(after: $after) { __typename } }";

let server: ScriptedServer;
let client: DaftariClient;
let states: ConnectionState["status"][];
const online = createStore(true);

function connect(options: object = {}): void {
  client = createClient({
    url: server.url,
    network: { isOnline: online.get, subscribe: online.subscribe },
    ...options,
  });
  states = [client.connection.get().status];
  client.connection.subscribe(() => {
    const { status } = client.connection.get();
    if (states.at(-1) !== status) states.push(status);
  });
}

const open = (): { close(): void; errors: string[]; ended: number } => {
  const errors: string[] = [];
  const counts = { ended: 0 };
  const feed = client.feed(
    DOCUMENT,
    {},
    { onItem: () => undefined, onError: ({ code }) => errors.push(code), onEnd: () => (counts.ended += 1) },
  );
  return {
    close: () => feed.close(),
    errors,
    get ended() {
      return counts.ended;
    },
  };
};

beforeEach(async () => {
  online.set(true);
  server = await ScriptedServer.start();
  server.greet = (peer) => peer.acknowledge();
  connect();
});

afterEach(async () => {
  await client.close();
  await server.stop();
});

test("the badge says how it stands", async () => {
  expect(client.connection.get().status, "no feed, nothing to be late").toBe("online");
  open();
  expect(client.connection.get().status).toBe("connecting");
  await until("it is live", () => client.connection.get().status === "live");
  const heardAt = Date.now();
  // Noted as it is told: on a busy machine the next attempt may have begun before anybody looks.
  const retries: unknown[] = [];
  const stop = client.connection.subscribe(() => retries.push(client.connection.get().retryAt));
  server.peer.cut();
  await until("it is stale", () => client.connection.get().status === "stale");
  expect(client.connection.get().since.getTime(), "since it was last heard").toBeLessThanOrEqual(heardAt + 50);
  await until("it is live again", () => client.connection.get().status === "live");
  stop();
  expect(retries).toContainEqual(expect.any(Date));
  expect(client.connection.get().retryAt).toBeUndefined();
  online.set(false);
  expect(client.connection.get().status).toBe("offline");
  online.set(true);
  await until("it came back at once", () => client.connection.get().status === "live");
  expect(server.peers.length).toBe(3);
  expect(states).toEqual(["online", "connecting", "live", "stale", "live", "offline", "stale", "live"]);
});

test("a server that hears late of what happens makes the badge stale until it says that this is over", async () => {
  const feed = open();
  await until("it is live", () => client.connection.get().status === "live");
  server.peer.send({ type: "ping", payload: { cursor: "c1", delayed: true } });
  await until("it is stale", () => client.connection.get().status === "stale");
  const { since, retryAt } = client.connection.get();
  expect(Date.now() - since.getTime(), "since it was told").toBeLessThan(5_000);
  expect(retryAt, "the socket is well").toBeUndefined();
  server.peer.send({ type: "ping", payload: { cursor: "c1", delayed: true } });
  await pause(20);
  expect(client.connection.get().since, "for as long as it lasts").toBe(since);
  server.peer.send({ type: "ping", payload: { cursor: "c2" } });
  await until("it is live again", () => client.connection.get().status === "live");

  server.greet = (peer) => peer.acknowledge({ delayed: true });
  server.peer.cut();
  await until("it is open again", () => server.peers.length === 2 && server.peer.opened.length === 1);
  expect(client.connection.get().status, "it was told with the acknowledgement").toBe("stale");
  feed.close();
  expect(client.connection.get().status, "nothing that may be late").toBe("online");
  expect(states).toEqual(["online", "connecting", "live", "stale", "live", "stale", "online"]);
  expect(feed.errors).toEqual([]);
});

test("a server that falls silent is left, and found again", async () => {
  server.greet = (peer) => peer.acknowledge({ heartbeatSeconds: -7.9 });
  open();
  await until("it connected anew", () => server.peers.length === 2);
  expect(states.slice(0, 4)).toEqual(["online", "connecting", "live", "stale"]);
});

test("all feeds share a socket, which closes some time after the last", async () => {
  const [one, two] = [open(), open()];
  await until("both are open", () => server.peers.length === 1 && server.peer.opened.length === 2);
  one.close();
  two.close();
  await pause(50);
  expect(server.peer.closedWith, "the next screen may want it").toBeUndefined();
  expect(client.connection.get().status).toBe("online");
  await client.close();
  await until("it is closed", () => server.peer.closedWith !== undefined);
  expect(server.peer.closedWith).toBe(1000);
  await pause(400);
  expect(server.peers.length, "a goodbye is no cut").toBe(1);
});

test("a mistake of the program is told and not repeated", async () => {
  const feed = open();
  await until("it is open", () => client.connection.get().status === "live");
  server.peer.close(4400);
  await until("it is told", () => feed.errors.length === 1);
  expect(feed.errors).toEqual(["SOCKET_4400"]);
  await pause(400);
  expect(server.peers.length).toBe(1);
});

test("a crowded server is given time, unless somebody insists", async () => {
  open();
  await until("it is live", () => client.connection.get().status === "live");
  server.peer.close(1013);
  await until("it waits", () => client.connection.get().retryAt !== undefined);
  expect((client.connection.get().retryAt as Date).getTime() - Date.now()).toBeGreaterThan(2_000);
  client.retryNow();
  await until("it is live", () => client.connection.get().status === "live");
});

test("who is cut off again and again before anything is heard waits longer each time", async () => {
  let attempts = 0;
  server.greet = (peer) => {
    attempts += 1;
    if (attempts > 3) peer.acknowledge();
    else peer.cut();
  };
  const began = Date.now();
  open();
  await until("it is live", () => client.connection.get().status === "live");
  expect(Date.now() - began).toBeGreaterThan(1_000 * 0.5 + 2_000 * 0.25);
  expect(attempts).toBe(4);
});

test("a token that ends soon is renewed on the open socket, and feeds go on", async () => {
  let renewals = 0;
  server.answer = ({ query = "" }) =>
    query.includes("login(")
      ? { body: { data: { login: tokens(1) } } }
      : { body: { data: { refreshToken: tokens(++renewals + 1) } } };
  await client.signIn({ email: "asha@daftari.example", password: "a good password" });
  const feed = open();
  await until("it is live", () => client.connection.get().status === "live");
  server.peer.send({ type: "ping", payload: { cursor: "c1", expiresInSeconds: 60 } });
  const renewed = (): object[] => server.peer.messages.filter((message) => message.type === "ping");
  await until("the fresh token came", () => renewed().length === 1);
  expect(renewed()[0]).toEqual({ type: "ping", payload: { authorization: "Bearer access-2" } });
  server.peer.send({ type: "pong", payload: { renewed: true, expiresAt: new Date().toISOString() } });
  await pause(20);
  expect(renewals).toBe(1);
  expect(server.peers.length).toBe(1);
  expect(feed.errors).toEqual([]);
});

test("signing out ends the socket and its feeds", async () => {
  server.answer = ({ query = "" }) => ({
    body: { data: query.includes("login(") ? { login: tokens(1) } : { logout: { endedSessions: 1 } } },
  });
  await client.signIn({ email: "asha@daftari.example", password: "a good password" });
  const feed = open();
  await until("it is live", () => client.connection.get().status === "live");
  await client.signOut();
  await until("the socket is closed", () => server.peer.closedWith !== undefined);
  expect(feed.ended).toBe(1);
  expect(server.asked.at(-1)?.authorization).toBe("Bearer access-1");
  expect(client.session.get()).toEqual({ status: "signed-out" });
});

test("a client that is not lazy keeps its socket while somebody is signed in", async () => {
  await client.close();
  server.answer = () => ({ body: { data: { login: tokens(1) } } });
  connect({ lazy: false });
  await pause(50);
  expect(server.peers.length).toBe(0);
  await client.signIn({ email: "asha@daftari.example", password: "a good password" });
  await until("the socket is open", () => server.peers.length === 1 && server.peer.messages.length === 1);
});
