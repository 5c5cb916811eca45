/** A page of another origin: it opens no socket here, and reads no answer. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { expect, test } from "@playwright/test";

const SERVER = process.env.DAFTARI_URL ?? "";

test("a second origin opens no socket and reads no answer", async ({ page }) => {
  const elsewhere = createServer((_, response) => response.setHeader("content-type", "text/html").end("<!doctype html><title>Elsewhere</title>"));
  await new Promise<void>((listening) => elsewhere.listen(0, "127.0.0.1", listening));
  try {
    await page.goto(`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`);
    expect(await page.evaluate(openSocket, SERVER.replace("http", "ws"))).toBe("closed");
    expect(await page.evaluate(readAnswer, SERVER)).toBe("refused");
    await page.goto(SERVER);
    expect(await page.evaluate(openSocket, SERVER.replace("http", "ws")), "from its own page it opens").toBe("opened");
  } finally {
    elsewhere.close();
  }
});

function openSocket(server: string): Promise<string> {
  const socket = new WebSocket(`${server}/graphql`, "graphql-transport-ws");
  return new Promise((resolve) => {
    socket.onopen = () => resolve("opened");
    socket.onclose = () => resolve("closed");
  });
}

async function readAnswer(server: string): Promise<string> {
  try {
    const body = JSON.stringify({ query: "{ __typename }" });
    return await (await fetch(`${server}/graphql`, { method: "POST", headers: { "content-type": "application/json" }, body })).text();
  } catch {
    return "refused";
  }
}
