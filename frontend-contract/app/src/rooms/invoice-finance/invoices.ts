/** The shapes of invoices that screens hand to each other, and where one is shown. */
import type { InvoiceQuery, InvoicesQuery, MarketplaceQuery } from "@/graphql/invoice_finance";
import type { WalletsQuery } from "@/graphql/wallets";

export type Offer = MarketplaceQuery["marketplaceInvoices"]["nodes"][number];
export type Wallet = WalletsQuery["wallets"][number];
export type InvoiceFull = NonNullable<InvoiceQuery["invoice"]>;
export type InvoiceRow = InvoicesQuery["invoices"]["nodes"][number];

/** What investing in an invoice has to know of it, on the marketplace and on its own page. */
export type Investable = Pick<
  Offer,
  | "id"
  | "number"
  | "saleMethod"
  | "requestedAmount"
  | "remainingAmount"
  | "minInvestment"
  | "expectedYield"
  | "dueOn"
  | "auction"
>;

export function invoicePath(id: string): string {
  return `/invoices/${encodeURIComponent(id)}`;
}
