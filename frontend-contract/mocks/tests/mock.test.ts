/** The mock under the real client: sessions, answers, refusals, and feeds that are cut, resumed and forgotten. */
import { readdirSync, readFileSync } from "node:fs";

import { createClient, type DaftariClient, type DaftariError } from "@daftari/client";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";

import { MockDaftari, mockHandlers } from "../src/index.ts";
import { readSchema } from "../src/node.ts";

const OPERATIONS = new URL("../../operations/", import.meta.url);
const BALANCES = operation("wallets/WalletBalanceChanged");

function operation(name: string): string {
  return readFileSync(new URL(`${name}.graphql`, OPERATIONS), "utf8");
}

const schema = readSchema();
const network = setupServer();
let daftari: MockDaftari;
let cut: () => void;
let client: DaftariClient;

beforeAll(() => network.listen());
afterAll(() => network.close());

beforeEach(() => {
  daftari = new MockDaftari(schema);
  const made = mockHandlers(daftari);
  cut = made.cut;
  network.use(...made.handlers);
  client = createClient({ url: "http://daftari.example/graphql" });
});

afterEach(async () => {
  await client.close();
  network.resetHandlers();
});

/** What a feed says, as it says it, and the client's own notices by their names. */
function listen(after?: string): { heard: unknown[]; close(): void } {
  const heard: unknown[] = [];
  const feed = client.feed<Record<string, { description: string }>, object>(
    BALANCES,
    {},
    {
      onItem: (item) => heard.push((item as { description: string }).description),
      onReady: () => heard.push("ready"),
      onResync: ({ reason }) => heard.push(reason),
    },
    after === undefined ? {} : { after },
  );
  return { heard, close: () => feed.close() };
}

function moved(description: string): string {
  return daftari.tell("walletBalanceChanged", "WalletBalanceChanged", { description });
}

test("one signs in, and what nobody has said is made up, the same each time", async () => {
  daftari.answer("login", { accessToken: "a", refreshToken: "r", expiresAt: "2099-01-01T00:00:00Z", user: { name: "Asha Textiles" } });
  const user = await client.signIn({ email: "seller@daftari.example", password: "try-daftari-now" });
  expect(user.name).toBe("Asha Textiles");
  const query = operation("wallets/Wallet");
  const first = await client.query(query);
  expect(await client.query(query)).toEqual(first);
  expect(first).toMatchObject({ wallet: { balance: { formatted: expect.stringMatching(/^KES [0-9,]+\.00$/) as string } } });
});

test("a test says what matters to it, by value or by what was asked", async () => {
  daftari.answer("wallet", { available: { amount: "80.00" } });
  daftari.answer("node", ({ id }: Record<string, unknown>) => ({ __typename: "Invoice", id, number: "INV-7" }));
  const document = "query($id: ID!) { wallet { available { amount } } node(id: $id) { id ... on Invoice { number } } }";
  expect(await client.query(document, { id: "x" })).toEqual({
    wallet: { available: { amount: "80.00" } },
    node: { id: "x", number: "INV-7" },
  });
  expect(daftari.requests.at(-1)?.variables).toEqual({ id: "x" });
});

test("a refusal is an error of the client, and a mistake in a document is told", async () => {
  daftari.answer("fundInvoice", { errors: [{ code: "AMOUNT_EXCEEDS_REMAINING", message: "only KES 5 remains" }] });
  const input = { invoiceId: "Invoice:1", amount: { amount: "9.00", currency: "KES" } };
  const refused = client.mutate(operation("invoice_finance/FundInvoice"), { input });
  await expect(refused).rejects.toMatchObject({ code: "AMOUNT_EXCEEDS_REMAINING" } satisfies Partial<DaftariError>);
  await expect(client.query("{ nothing }")).rejects.toThrow(/Cannot query field "nothing"/);
});

test("a feed that was cut goes on where it was: nothing is missing, and nothing comes twice", async () => {
  const { heard, close } = listen();
  await expect.poll(() => heard).toEqual(["ready"]);
  moved("one");
  await expect.poll(() => heard).toEqual(["ready", "one"]);
  cut();
  moved("two");
  moved("three");
  await expect.poll(() => heard.filter((each) => each !== "ready"), { timeout: 5_000 }).toEqual(["one", "two", "three"]);
  close();
});

test("a cursor that was forgotten is answered with the wish to read anew", async () => {
  const cursor = moved("long ago");
  moved("since then");
  daftari.feeds.forget();
  const { heard, close } = listen(cursor);
  await expect.poll(() => heard).toContain("TOO_OLD");
  expect(heard).not.toContain("since then");
  close();
});

test("it answers every operation of the catalogue", async () => {
  const failed: string[] = [];
  for (const path of readdirSync(OPERATIONS, { recursive: true, encoding: "utf8" })) {
    if (!path.endsWith(".graphql")) continue;
    const query = readFileSync(new URL(path, OPERATIONS), "utf8");
    if (!/^(query|mutation)\b/m.test(query)) continue;
    const { errors = [] } = await daftari.run({ query, variables: variablesOf(path) });
    const told = errors.filter(({ message }) => !message.startsWith("Variable "));
    if (told.length > 0) failed.push(`${path}: ${told[0]?.message}`);
  }
  expect(failed).toEqual([]);
});

function variablesOf(path: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(new URL(path.replace(".graphql", ".variables.json"), OPERATIONS), "utf8")) as Record<string, unknown>;
  } catch {
    return {};
  }
}
