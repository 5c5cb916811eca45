/** The operations folder becomes the Examples menu: grouped by business, fragments apart, fresh idempotency keys. */
import { expect, test, vi } from "vitest";
import { groupByBusiness, openedFirst, readLibrary, variablesToRun } from "../src/examples";

const FOLDER = "../../operations/";

const read = (files: Record<string, string>, variables: Record<string, string> = {}) => {
  const inFolder = (record: Record<string, string>) => Object.fromEntries(Object.entries(record).map(([name, text]) => [FOLDER + name, text]));
  return readLibrary(inFolder(files), inFolder(variables));
};

test("an empty folder is a library without examples", () => {
  expect(read({})).toEqual({ examples: [], fragments: [] });
});

test("operations are grouped by the folder of their business, with their kind and variables", () => {
  const { examples } = read(
    {
      "wallets/Wallet.graphql": "query Wallet { wallet { id } }",
      "invoice_finance/NewInvoiceListed.graphql": "subscription NewInvoiceListed { newInvoiceListed { cursor } }",
    },
    { "wallets/Wallet.variables.json": '{"id": 1}' },
  );
  expect(groupByBusiness(examples).map(([business, members]) => [business, members.map(({ name, kind }) => `${name} ${kind}`)])).toEqual([
    ["Invoice finance", ["NewInvoiceListed subscription"]],
    ["Wallets", ["Wallet query"]],
  ]);
  expect(examples[1]?.variables).toBe('{"id": 1}');
  expect(openedFirst(examples).map(({ path }) => path)).toEqual(["wallets/Wallet", "invoice_finance/NewInvoiceListed"]);
});

test("a file of fragments is no example and is offered to all of them", () => {
  const { examples, fragments } = read({ "wallets/WalletFace.graphql": "fragment WalletFace on Wallet { id }" });
  expect(examples).toEqual([]);
  expect(fragments.map(({ name }) => name.value)).toEqual(["WalletFace"]);
});

test("a broken file is named and left out", () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  expect(read({ "wallets/Broken.graphql": "query {" }).examples).toEqual([]);
  expect(warn).toHaveBeenCalledWith(expect.stringContaining("wallets/Broken.graphql"));
  warn.mockRestore();
});

test("idempotency keys are new each time, at any depth, and nothing else changes", () => {
  const { examples } = read(
    { "wallets/Pay.graphql": "mutation Pay($input: PayInput!) { pay(input: $input) { id } }" },
    { "wallets/Pay.variables.json": '{"input": {"amount": "10.00", "idempotencyKey": "x"}}' },
  );
  const [example] = examples;
  if (!example) throw new Error("the example is missing");
  expect(JSON.parse(variablesToRun(example, () => "new") ?? "")).toEqual({ input: { amount: "10.00", idempotencyKey: "new" } });
  expect(variablesToRun(example)).not.toBe(variablesToRun(example));
});
