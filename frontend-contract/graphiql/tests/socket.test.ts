/** The socket against a real WebSocket server: a cut feed resumes after its last cursor, and a refused token is renewed. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { WebSocketServer, type WebSocket as ServerSocket } from "ws";
import { createSocket, type FeedObserver, type Socket } from "../src/socket";
import { createStore } from "../src/store";
import type { Session, SessionState } from "../src/session";

const QUERY = "subscription Listed($after: Cursor) { newInvoiceListed(after: $after) { cursor } }";

let server: WebSocketServer;
let session: ReturnType<typeof createSession>;
let socket: Socket;

interface Message {
  type: string;
  id?: string;
  payload?: { authorization?: string; variables?: Record<string, unknown> };
}

/** A session whose token counts its renewals. */
function createSession() {
  const user = { id: "u1", name: "Asha", roles: ["SELLER"] };
  let renewals = 0;
  const tokens = { accessToken: "t0", refreshToken: "r", expiresAt: "2100-01-01T00:00:00Z", user, obtainedAt: 0 };
  const state = createStore<SessionState>({ tokens, notice: null });
  return {
    state,
    signIn: () => Promise.resolve(),
    signOut: () => state.set({ tokens: null, notice: null }),
    accessToken: () => Promise.resolve(`t${renewals}`),
    renew: () => {
      renewals += 1;
      return Promise.resolve(true);
    },
  } satisfies Session;
}

/** The next connection, with everything that it says until it subscribes. */
async function nextSubscription(): Promise<{ peer: ServerSocket; init: Message; subscribe: Message }> {
  const [peer] = (await once(server, "connection")) as [ServerSocket];
  return { peer, init: await acknowledge(peer), subscribe: await nextMessage(peer) };
}

async function acknowledge(peer: ServerSocket): Promise<Message> {
  const init = await nextMessage(peer);
  peer.send(JSON.stringify({ type: "connection_ack" }));
  return init;
}

async function nextMessage(peer: ServerSocket): Promise<Message> {
  const [data] = (await once(peer, "message")) as [Buffer];
  return JSON.parse(data.toString()) as Message;
}

function sendItem(peer: ServerSocket, id: string | undefined, cursor: string): void {
  peer.send(JSON.stringify({ id, type: "next", payload: { data: { newInvoiceListed: { cursor } } } }));
}

function createObserver() {
  return { next: vi.fn(), error: vi.fn(), complete: vi.fn(), interrupted: vi.fn(), resumed: vi.fn() } satisfies FeedObserver;
}

beforeEach(async () => {
  vi.spyOn(Math, "random").mockReturnValue(0);
  vi.stubGlobal("addEventListener", vi.fn());
  vi.stubGlobal("removeEventListener", vi.fn());
  server = new WebSocketServer({ port: 0, host: "127.0.0.1", handleProtocols: () => "graphql-transport-ws" });
  await once(server, "listening");
  session = createSession();
  socket = createSocket(session, `ws://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`);
});

afterEach(() => {
  session.signOut();
  for (const peer of server.clients) peer.terminate();
  server.close();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test("after a cut the feed asks for what follows its last cursor", async () => {
  const observer = createObserver();
  socket.subscribe({ query: QUERY }, null, observer);
  const first = await nextSubscription();
  expect(first.subscribe.payload?.variables).toBeUndefined();
  sendItem(first.peer, first.subscribe.id, "c1");
  sendItem(first.peer, first.subscribe.id, "c2");
  await vi.waitFor(() => expect(observer.next).toHaveBeenCalledTimes(2));

  first.peer.terminate();
  const second = await nextSubscription();
  expect(second.subscribe.payload?.variables).toEqual({ after: "c2" });
  sendItem(second.peer, second.subscribe.id, "c3");
  await vi.waitFor(() => expect(observer.next).toHaveBeenCalledTimes(3));
  expect(observer.interrupted).toHaveBeenCalledOnce();
  expect(observer.resumed).toHaveBeenCalledExactlyOnceWith("c2");
});

test("a token refused with 4403 is renewed before the next attempt", async () => {
  const [peer] = (await once(server, "connection")) as [ServerSocket];
  expect((await acknowledge(peer)).payload).toEqual({ authorization: "Bearer t0" });
  await vi.waitFor(() => expect(socket.state.get()).toBe("online"));
  peer.close(4403, "The token has expired.");
  const [again] = (await once(server, "connection")) as [ServerSocket];
  expect((await acknowledge(again)).payload).toEqual({ authorization: "Bearer t1" });
});

test("signing out closes the socket and ends the feed", async () => {
  const observer = createObserver();
  socket.subscribe({ query: QUERY }, null, observer);
  const { peer } = await nextSubscription();
  session.signOut();
  await once(peer, "close");
  await vi.waitFor(() => expect(observer.complete).toHaveBeenCalledOnce());
  expect(socket.state.get()).toBe("offline");
  expect(observer.error).not.toHaveBeenCalled();
});

test("a stopped feed says nothing more", async () => {
  const observer = createObserver();
  const stop = socket.subscribe({ query: QUERY }, null, observer);
  const { peer, subscribe } = await nextSubscription();
  stop();
  expect(await nextMessage(peer)).toEqual({ id: subscribe.id, type: "complete" });
  sendItem(peer, subscribe.id, "c1");
  peer.send(JSON.stringify({ type: "ping" }));
  // Messages keep their order: with the pong, the item before the ping has been read as well.
  expect((await nextMessage(peer)).type).toBe("pong");
  expect(observer.next).not.toHaveBeenCalled();
  expect(observer.complete).not.toHaveBeenCalled();
});
