/**
 * The README shows the recipes as they are; those for a page and a phone run here, the others against the real server.
 */
import { readdirSync, readFileSync } from "node:fs";

import { afterEach, beforeEach, expect, test } from "vitest";

import { connectPhone } from "../recipes/phone.ts";
import { App } from "../recipes/live-balance.tsx";
import { withRecipes } from "../scripts/readme.ts";
import { Page } from "./page.ts";
import { ScriptedServer, tokens, until } from "./server.ts";

let server: ScriptedServer;

beforeEach(async () => {
  server = await ScriptedServer.start();
  server.greet = (peer) => peer.acknowledge();
  const wallet = { id: "w1", balance: { amount: "10.00", formatted: "INR 10.00" } };
  server.answer = ({ query = "" }) => ({
    body: { data: query.includes("login(") ? { login: tokens(1) } : { asOf: "c1", wallet } },
  });
});

afterEach(() => server.stop());

test("the README has every recipe, as it is", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  expect(withRecipes(readme), "node scripts/readme.ts puts them in").toBe(readme);
  for (const file of readdirSync(new URL("../recipes", import.meta.url)))
    expect(readme).toContain(`<!-- recipes/${file} -->`);
});

test("a phone keeps its session, shows a live balance and notices that the network is gone", async () => {
  const kept = new Map<string, string>();
  let tellNetwork: (state: { isConnected: boolean | null }) => void = () => undefined;
  const store = {
    getItemAsync: async (key: string) => kept.get(key) ?? null,
    setItemAsync: async (key: string, value: string) => void kept.set(key, value),
    deleteItemAsync: async (key: string) => void kept.delete(key),
  };
  const netInfo = {
    addEventListener(listener: typeof tellNetwork) {
      tellNetwork = listener;
      return () => undefined;
    },
  };
  const client = connectPhone(server.url, store, netInfo);
  await client.signIn({ email: "asha@daftari.example", password: "a good password" });
  expect([...kept.values()][0]).toContain("refresh-1");

  const page = new Page();
  page.show(<App client={client} />);
  await page.reads("INR 10.00");
  await until("the feed is open", () => server.peers.length === 1 && server.peer.opened.length === 1);
  expect(server.peer.opened[0]?.payload).toMatchObject({ variables: { after: "c1" } });
  server.peer.tell({
    __typename: "WalletBalanceChanged",
    cursor: "c2",
    walletId: "w1",
    balance: { amount: "9.00", formatted: "INR 9.00" },
  });
  await page.reads("INR 9.00");
  tellNetwork({ isConnected: false });
  expect(client.connection.get().status).toBe("offline");
  page.close();
  await client.signOut();
  expect(kept.size).toBe(0);
  await client.close();
});
