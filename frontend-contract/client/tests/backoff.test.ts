/** The pause before the next attempt: how long it is, and that chance has a part in it. */
import { afterEach, expect, test, vi } from "vitest";

import { backoffMs } from "../src/backoff.ts";
import { createClient } from "../src/index.ts";
import { ScriptedServer, until } from "./server.ts";

const LEAST = 0;
/** Which chance never reaches, and comes as close to as it likes. */
const MOST = 1;

const waits = (chance: number, failures: number, atLeastMs?: number): number => {
  vi.spyOn(Math, "random").mockReturnValue(chance);
  return backoffMs(failures, atLeastMs);
};

afterEach(() => vi.restoreAllMocks());

test.each([
  [1, 250, 500],
  [2, 500, 1_000],
  [3, 1_000, 2_000],
  [6, 8_000, 16_000],
  [7, 10_000, 20_000],
  [1_000, 10_000, 20_000],
])("after %i failures it is between %i and %i ms", (failures, least, most) => {
  expect(waits(LEAST, failures)).toBe(least);
  expect(waits(MOST, failures)).toBe(most);
});

test("who was asked to slow down does, by chance as well", () => {
  expect(waits(LEAST, 1, 5_000)).toBe(2_500);
  expect(waits(MOST, 1, 5_000)).toBe(5_000);
  expect(waits(MOST, 7, 5_000)).toBe(20_000);
});

test("clients that are sent away together come back spread out", () => {
  const moments = new Set(Array.from({ length: 100 }, () => Math.round(backoffMs(4))));
  expect(moments.size).toBeGreaterThan(50);
});

test.each([
  [1012, LEAST, 0],
  [1012, MOST, 300],
  [1013, LEAST, 2_500],
  [1013, MOST, 5_000],
])("after %i, with a chance of %d, it is tried again in %i ms", async (code, chance, expected) => {
  const server = await ScriptedServer.start();
  server.greet = (peer) => peer.acknowledge();
  const network = { isOnline: (): boolean => true, subscribe: () => () => undefined };
  const client = createClient({ url: server.url, network });
  try {
    client.feed("subscription Feed($after: Cursor) { feed(after: $after) { __typename } }", {}, { onItem: () => undefined });
    await until("it is live", () => client.connection.get().status === "live");
    const retries: number[] = [];
    client.connection.subscribe(() => {
      const { retryAt } = client.connection.get();
      if (retryAt) retries.push(retryAt.getTime());
    });
    const now = Date.now();
    vi.spyOn(Date, "now").mockReturnValue(now);
    vi.spyOn(Math, "random").mockReturnValue(chance);
    server.peer.close(code);
    await until("it waits", () => retries.length > 0);
    expect(retries[0]).toBe(new Date(now + expected).getTime());
  } finally {
    vi.restoreAllMocks();
    await client.close();
    await server.stop();
  }
});
