/** What an investor's program does, with documents that know their types: what it says of a field that is not there, tsc refuses. */
import { type DaftariClient, money } from "@daftari/client";

import { graphql } from "./generated/index.ts";
import { FundInvoiceDocument, MarketplaceDocument, NewInvoiceListedDocument } from "./generated/graphql.ts";

const Balance = graphql(`
  query ConsumerBalance {
    wallet {
      id
      available {
        amount
        currency
      }
    }
  }
`);

/** Funds what is left of an invoice if the wallet has it; why not, if it was refused. */
export async function fundAll(client: DaftariClient, invoiceId: string): Promise<string | null> {
  const { wallet } = await client.query(Balance);
  if (!wallet) return "there is no wallet";
  const { marketplaceInvoices } = await client.query(MarketplaceDocument, { first: 50 });
  const invoice = marketplaceInvoices.nodes.find(({ id }) => id === invoiceId);
  if (!invoice) return "it is not on the market";
  const { remainingAmount } = invoice;
  if (money.compare(wallet.available.amount, remainingAmount.amount) < 0) return "the wallet has too little";
  const { fundInvoice } = await client.mutate(FundInvoiceDocument, {
    input: { invoiceId, amount: { amount: remainingAmount.amount, currency: wallet.available.currency } },
  });
  return fundInvoice.errors[0]?.message ?? null;
}

/** Every invoice from now on, as it is listed. */
export function watchMarket(client: DaftariClient, listed: (number: string, requested: string) => void): () => void {
  const feed = client.feed(NewInvoiceListedDocument, {}, {
    onItem: ({ invoice }) => listed(invoice.number, invoice.requestedAmount.formatted),
  });
  return () => feed.close();
}
