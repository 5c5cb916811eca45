/** Feeds against a scripted server: what is asked after a cut, what is told to whom, and how a feed ends. */
import { afterEach, beforeEach, expect, test } from "vitest";

import { createClient, type DaftariClient, type DaftariError, type Feed, type FeedHandlers } from "../src/index.ts";
import { pause, refusal, ScriptedServer, tokens, until, type Peer } from "./server.ts";

const DOCUMENT =
  "subscription Feed($walletId: ID, $after: Cursor) { feed(walletId: $walletId, after: $after) { __typename } }";

interface Data {
  readonly feed:
    | { readonly __typename: "Ready" | "CaughtUp" | "ResyncRequired"; readonly cursor: string }
    | { readonly __typename: "Moved"; readonly cursor: string; readonly amount: string };
}

let server: ScriptedServer;
let client: DaftariClient;
let happened: unknown[][];

beforeEach(async () => {
  server = await ScriptedServer.start();
  server.greet = (peer) => peer.acknowledge();
  client = createClient({ url: server.url });
  happened = [];
});

afterEach(async () => {
  await client.close();
  await server.stop();
});

function open(variables: object = {}, after?: string): Feed {
  const handlers: FeedHandlers<{ amount: string }> = {
    onItem: ({ amount }, { cursor }) => happened.push(["item", amount, cursor]),
    onReady: ({ recovered }) => happened.push(["ready", recovered]),
    onCaughtUp: () => happened.push(["caught up"]),
    onResync: ({ reason, cursor }) => happened.push(["resync", reason, cursor]),
    onError: (error: DaftariError) => happened.push(["error", error.kind, error.code]),
    onEnd: () => happened.push(["end"]),
  };
  return client.feed<Data, object>(DOCUMENT, variables, handlers, after === undefined ? {} : { after });
}

const moved = (amount: string, cursor: string): object => ({ __typename: "Moved", amount, cursor });
const ready = (cursor: string, recovered = false): object => ({ __typename: "Ready", cursor, recovered });

async function opened(count: number): Promise<Peer> {
  await until(`socket ${count} has a feed`, () => server.peers.length >= count && server.peer.opened.length > 0);
  return server.peer;
}

const askedAfter = (peer: Peer, nth = 0): unknown =>
  (peer.opened[nth]?.payload?.["variables"] as { after: unknown }).after;

test("a feed goes on after the last item it gave away, and nothing is given twice", async () => {
  const feed = open({ walletId: "w1" });
  const first = await opened(1);
  expect(first.opened[0]?.payload).toEqual({ query: DOCUMENT, variables: { walletId: "w1", after: null } });
  first.tell(ready("c0"));
  first.tell(moved("1", "c1"));
  first.tell(moved("2", "c2"));
  await until("two items came", () => feed.cursor.get() === "c2");
  expect(feed.status.get()).toBe("live");

  first.cut();
  await until("it waits", () => feed.status.get() === "waiting");
  const second = await opened(2);
  expect(askedAfter(second)).toBe("c2");
  second.tell(ready("c2", true));
  await until("it is open again", () => feed.status.get() === "replaying");
  second.tell(moved("2", "c2"));
  second.tell(moved("3", "c3"));
  second.tell({ __typename: "CaughtUp", cursor: "c3" });
  await until("it is live again", () => feed.status.get() === "live");
  expect(happened).toEqual([
    ["ready", false],
    ["item", "1", "c1"],
    ["item", "2", "c2"],
    ["ready", true],
    ["item", "3", "c3"],
    ["caught up"],
  ]);
});

test("a state that is shown anew under the same cursor is no repeat", async () => {
  const feed = open();
  const peer = await opened(1);
  peer.tell(ready("c0"));
  peer.tell(moved("1", "c0"));
  peer.tell(moved("1", "c0"));
  peer.tell(moved("2", "c0"));
  await until("three items came", () => happened.length === 4);
  expect(feed.cursor.get()).toBe("c0");
});

test("heartbeats move the cursor of feeds that are open, and of no other", async () => {
  const feed = open({}, "c5");
  const first = await opened(1);
  expect(askedAfter(first)).toBe("c5");
  first.send({ type: "ping", payload: { cursor: "c9" } });
  await until("the ping is answered", () => first.messages.some((message) => message.type === "pong"));
  expect(feed.cursor.get()).toBe("c5");
  first.tell(ready("c5", true));
  first.send({ type: "ping", payload: { cursor: "c9" } });
  await until("the cursor moved", () => feed.cursor.get() === "c9");
  first.cut();
  expect(askedAfter(await opened(2))).toBe("c9");
});

test("a hole is told, and the feed goes on behind it", async () => {
  const feed = open({}, "c1");
  const first = await opened(1);
  first.tell(moved("a greeting", "c9"));
  first.tell(ready("c9"));
  first.send({ type: "ping", payload: { cursor: "c9" } });
  await until("the ping is answered", () => first.messages.some((message) => message.type === "pong"));
  expect(feed.cursor.get(), "until the hole is told, the next attempt must find it again").toBe("c1");
  first.tell({ __typename: "ResyncRequired", reason: "TOO_OLD", cursor: "c9" });
  await until("the hole is told", () => happened.length === 3);
  first.cut();
  expect(askedAfter(await opened(2))).toBe("c9");
  expect(happened).toEqual([
    ["item", "a greeting", "c9"],
    ["ready", false],
    ["resync", "TOO_OLD", "c9"],
  ]);
});

test("a cursor of another server counts as a hole", async () => {
  open({}, "foreign");
  const peer = await opened(1);
  peer.fail("INVALID_CURSOR");
  await until("it is opened again", () => peer.opened.length === 2);
  expect(askedAfter(peer, 1)).toBeNull();
  expect(happened).toEqual([["resync", "INVALID_CURSOR", undefined]]);
});

test("a refusal ends the feed, and a passing failure does not", async () => {
  const feed = open();
  const peer = await opened(1);
  peer.tell(ready("c0"));
  peer.tell(moved("1", "c1"));
  await until("an item came", () => feed.cursor.get() === "c1");
  peer.fail("RIGHTS_CHANGED");
  await until("it is opened again", () => peer.opened.length === 2);
  expect(askedAfter(peer, 1)).toBe("c1");
  peer.fail("FORBIDDEN", {}, 1);
  await until("it has ended", () => feed.status.get() === "ended");
  expect(happened.at(-1)).toEqual(["error", "refused", "FORBIDDEN"]);
  await pause(50);
  expect(peer.opened.length).toBe(2);
});

test("a feed that is over its budget waits as long as it is told", async () => {
  open();
  const peer = await opened(1);
  const asked = Date.now();
  peer.fail("RATE_LIMITED", { cost: { resetAt: new Date(asked + 900).toISOString() } });
  await until("it is opened again", () => peer.opened.length === 2);
  expect(Date.now() - asked).toBeGreaterThan(850);
});

test("a closed feed says goodbye and hears nothing more", async () => {
  const feed = open();
  const peer = await opened(1);
  peer.tell(ready("c0"));
  await until("it is open", () => feed.status.get() === "live");
  feed.close();
  await until("the server heard of it", () => peer.messages.some((message) => message.type === "complete"));
  peer.tell(moved("1", "c1"));
  await pause(20);
  expect(happened).toEqual([["ready", false]]);
  expect(feed.status.get()).toBe("ended");
});

test("a feed that the server ends has ended", async () => {
  const feed = open();
  const peer = await opened(1);
  peer.send({ type: "complete", id: peer.opened[0]?.id });
  await until("it has ended", () => feed.status.get() === "ended");
  expect(happened).toEqual([["end"]]);
});

test("a document whose feed could not go on is a mistake at once", () => {
  expect(() => client.feed("subscription { feed { __typename } }", {}, { onItem: () => undefined })).toThrow(/\$after/);
});

test("an item without its cursor ends the feed with words about it", async () => {
  open();
  (await opened(1)).tell({ __typename: "Moved", amount: "1" });
  await until("it has ended", () => happened.length === 1);
  expect(happened).toEqual([["error", "invalid", "NO_CURSOR"]]);
});

test("a handler that fails stops neither its feed nor others", async () => {
  const failures: unknown[] = [];
  const catchIt = (problem: unknown): void => void failures.push(problem);
  process.setUncaughtExceptionCaptureCallback(catchIt);
  try {
    const heard: string[] = [];
    client.feed<Data, object>(
      DOCUMENT,
      {},
      {
        onItem({ amount }) {
          heard.push(amount);
          throw new Error(`cannot take ${amount}`);
        },
      },
    );
    const peer = await opened(1);
    peer.tell(moved("1", "c1"));
    peer.tell(moved("2", "c2"));
    await until("both came", () => heard.length === 2 && failures.length === 2);
  } finally {
    process.setUncaughtExceptionCaptureCallback(null);
  }
});

test("feeds end when somebody else signs in, and wait for the same person when the session expires", async () => {
  let login = 0;
  const replies: Record<string, () => object> = {
    login: () => tokens(++login),
    refreshToken: () => refusal("INVALID_REFRESH_TOKEN"),
  };
  server.answer = ({ query = "" }) => {
    const field = /(\w+)\(input/.exec(query)?.[1] ?? "";
    return { body: { data: { [field]: replies[field]?.() } } };
  };
  await client.signIn({ email: "asha@daftari.example", password: "a good password" });
  const feed = open();
  const first = await opened(1);
  expect(first.messages[0]?.payload).toEqual({ authorization: "Bearer access-1" });
  first.tell(ready("c0"));
  await until("it is open", () => feed.status.get() === "live");
  first.close(4403);
  await until("the session is over", () => client.session.get().status === "expired");
  await pause(400);
  expect(server.peers.length, "nobody knocks without a token").toBe(1);
  expect(feed.status.get()).toBe("waiting");

  await client.signIn({ email: "asha@daftari.example", password: "a good password" });
  const second = await opened(2);
  expect(second.messages[0]?.payload).toEqual({ authorization: "Bearer access-2" });
  expect(askedAfter(second)).toBe("c0");

  replies["login"] = () => tokens(3, 900_000, { id: "VXNlcjoy", name: "Ravi Kapoor", roles: [], permissions: [] });
  await client.signIn({ email: "ravi@daftari.example", password: "a good password" });
  expect(feed.status.get()).toBe("ended");
  expect(happened.at(-1)).toEqual(["end"]);
});
