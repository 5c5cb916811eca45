/** The rows of the mill's lists, as the screens hand them to what is done with them; and where things have pages of their own. */
import type { ProductionsQuery, PurchasesQuery, SalesQuery } from "@/graphql/milling";

export type Order = ProductionsQuery["productions"]["nodes"][number];
export type SaleRow = SalesQuery["sales"]["nodes"][number];
export type PurchaseRow = PurchasesQuery["purchases"]["nodes"][number];

export function itemPath(id: string): string {
  return `/mill/stock/${encodeURIComponent(id)}`;
}

export function salePath(id: string): string {
  return `/mill/sales/${encodeURIComponent(id)}`;
}

export function purchasePath(id: string): string {
  return `/mill/purchases/${encodeURIComponent(id)}`;
}
