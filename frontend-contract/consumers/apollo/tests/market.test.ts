/** Apollo Client over the client's link and the mocked API: one cache for what is asked, done and told. */
import { gql } from "@apollo/client";
import { createClient } from "@daftari/client";
import { MockDaftari, mockHandlers } from "@daftari/mocks";
import { readSchema } from "@daftari/mocks/node";
import { isAbstractType } from "graphql";
import { setupServer } from "msw/node";
import { afterAll, expect, test } from "vitest";

import { apolloOver, keepMarketLive, MARKET } from "../src/market.ts";

const schema = readSchema();
const possibleTypes = Object.fromEntries(
  Object.values(schema.getTypeMap())
    .filter(isAbstractType)
    .map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name)]),
);
const daftari = new MockDaftari(schema);
const { handlers, cut } = mockHandlers(daftari);
const network = setupServer(...handlers);
network.listen();
afterAll(() => network.close());

interface Market {
  marketplaceInvoices: { edges: { node: { id: string; fundedPercent: string } }[] };
}

const FUND = gql`
  mutation Fund($input: FundInvoiceInput!) {
    fundInvoice(input: $input) {
      errors {
        code
      }
      invoice {
        id
        fundedPercent
      }
    }
  }
`;

test("what a mutation answers and what a feed tells, also after a cut, is on every screen by the object's id", async () => {
  const client = createClient({ url: "http://daftari.example/graphql" });
  const apollo = apolloOver(client, possibleTypes);
  const shown: string[] = [];
  const watching = apollo.watchQuery<Market>({ query: MARKET, variables: { first: 20 } }).subscribe(({ data }) => {
    const percent = data?.marketplaceInvoices?.edges?.[0]?.node?.fundedPercent;
    if (percent !== undefined) shown.push(percent);
  });
  await expect.poll(() => shown).toHaveLength(1);
  const { data } = await apollo.query<Market>({ query: MARKET, variables: { first: 20 } });
  const id = data?.marketplaceInvoices.edges[0]?.node.id ?? "";

  daftari.answer("fundInvoice", { invoice: { id, fundedPercent: "25.00" } });
  await apollo.mutate({ mutation: FUND, variables: { input: { invoiceId: id, amount: { amount: "20.00", currency: "KES" } } } });
  await expect.poll(() => shown.at(-1)).toBe("25.00");

  const failures: unknown[] = [];
  const stop = keepMarketLive(apollo, (error) => failures.push(error));
  await expect.poll(() => client.connection.get().status).toBe("live");
  const told = (percent: string) => daftari.tell("marketplaceUpdated", "MarketplaceUpdated", { invoice: { id, fundedPercent: percent } });
  told("50.00");
  await expect.poll(() => shown.at(-1)).toBe("50.00");
  cut();
  told("100.00");
  await expect.poll(() => shown.at(-1), { timeout: 5_000 }).toBe("100.00");
  expect(failures).toEqual([]);
  stop();
  watching.unsubscribe();
  await client.close();
});
