/**
 * The core in a JavaScript that has nothing but the language, timers, fetch and WebSocket, such as React Native's: no
 * window, no document, no navigator, no URL, no storage, no locks, no crypto.
 */
import { createContext, runInContext } from "node:vm";

import { afterEach, beforeEach, expect, test } from "vitest";

import type * as Daftari from "../src/index.ts";
import { bundledCore } from "./bundle.ts";
import { ScriptedServer, tokens, until } from "./server.ts";

let server: ScriptedServer;

beforeEach(async () => {
  server = await ScriptedServer.start();
});

afterEach(() => server.stop());

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

test("it signs in, asks, follows and comes back", async () => {
  server.greet = (peer) => peer.acknowledge();
  server.answer = ({ query = "" }) => ({ body: { data: query.includes("login(") ? { login: tokens(1) } : { a: 1 } } });
  const { code } = await bundledCore();
  const { createClient, browserStorage, money, newIdempotencyKey } = runInContext(
    `${code}; daftari`,
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
