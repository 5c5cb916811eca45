/** What the states of stock, productions and sales are called on a screen, and how they look. */
import type {
  ActivityKind,
  ItemCategory,
  ProductionStatus,
  PurchaseStatus,
  SaleFinanceStatus,
  SaleStatus,
  StockMovementKind,
  StockStatus,
} from "@/graphql/schema";
import { number, type Tone } from "@/kit";

interface Said {
  readonly word: string;
  readonly tone: Tone;
}

export const STOCK_STATUS: Record<StockStatus, Said> = {
  OK: { word: "Enough", tone: "good" },
  LOW: { word: "Low", tone: "high" },
  OUT: { word: "Out", tone: "bad" },
};

export const CATEGORY: Record<ItemCategory, string> = {
  RAW_MATERIAL: "To be milled",
  FINISHED: "Flour",
  BY_PRODUCT: "Bran and shorts",
  PACKAGING: "Bags",
};

export const PRODUCTION_STATUS: Record<ProductionStatus, Said> = {
  PLANNED: { word: "Planned", tone: "plain" },
  IN_PROGRESS: { word: "Milling", tone: "info" },
  COMPLETED: { word: "Done", tone: "good" },
  CANCELLED: { word: "Called off", tone: "bad" },
};

export const SALE_STATUS: Record<SaleStatus, Said> = {
  DRAFT: { word: "Offer", tone: "plain" },
  CONFIRMED: { word: "Ordered", tone: "info" },
  DELIVERED: { word: "Delivered", tone: "warn" },
  PAID: { word: "Paid", tone: "good" },
  PART_RETURNED: { word: "Returned in part", tone: "warn" },
  RETURNED: { word: "Returned", tone: "plain" },
  CANCELLED: { word: "Called off", tone: "bad" },
};

/** What became of the invoice of a sale that was offered to investors. */
export const FINANCE_STATUS: Record<SaleFinanceStatus, Said> = {
  OFFERED: { word: "On its way to investors", tone: "info" },
  REFUSED: { word: "Refused by the market", tone: "bad" },
  LISTED: { word: "On the marketplace", tone: "info" },
  FUNDED: { word: "With investors", tone: "accent" },
  DEFAULTED: { word: "Investors wait", tone: "bad" },
  SETTLED: { word: "Investors are paid", tone: "good" },
  ENDED: { word: "Offer ended", tone: "plain" },
};

/** A bill that is settled is said as paid, which the API leaves to what is owed. */
export const PURCHASE_STATUS: Record<PurchaseStatus | "PAID", Said> = {
  DRAFT: { word: "Ordered", tone: "info" },
  RECEIVED: { word: "Received", tone: "warn" },
  BILLED: { word: "Billed", tone: "warn" },
  PAID: { word: "Paid", tone: "good" },
  PART_RETURNED: { word: "Returned in part", tone: "warn" },
  RETURNED: { word: "Returned", tone: "plain" },
  CANCELLED: { word: "Called off", tone: "bad" },
};

export const ACTIVITY: Record<ActivityKind, string> = {
  SALE: "Sale",
  SALE_RETURN: "Return from a customer",
  PURCHASE: "Purchase",
  PURCHASE_RETURN: "Return to a supplier",
  PRODUCTION: "Production",
  STOCK_DOCUMENT: "Stock",
  PAYMENT: "Payment",
  ALERT: "Alert",
};

export const MOVEMENT: Record<StockMovementKind, string> = {
  OPENING: "In the books from the start",
  RECEIPT: "Came in",
  ISSUE: "Went out",
  PURCHASE_RECEIPT: "Bought",
  PURCHASE_RETURN: "Sent back",
  BILL_DIFFERENCE: "Billed otherwise",
  LANDED_COST: "Freight and the like",
  SALE_DELIVERY: "Sold",
  SALE_RETURN: "Brought back",
  TRANSFER_OUT: "To another warehouse",
  TRANSFER_IN: "From another warehouse",
  PRODUCTION_CONSUME: "Milled",
  PRODUCTION_OUTPUT: "Made",
  PRODUCTION_BY_PRODUCT: "Left over from milling",
  REPACK_OUT: "Repacked",
  REPACK_IN: "Packed",
  ADJUSTMENT: "Corrected",
  COUNT: "Counted",
};

/** "2,400 kg", "1 packet", "44 packets". */
export function quantity(value: string | number, unit: string): string {
  return `${number(value)} ${Number(value) === 1 ? unit : manyOf(unit)}`;
}

/** What is measured in, as many of them: "kg", "packets". */
function manyOf(unit: string): string {
  return /^(kg|g|l|ml|t)$/.test(unit) ? unit : `${unit}s`;
}

/** The label of a field that takes a quantity: "Wheat, in tonnes". */
export function measured(what: string, unit: string): string {
  return `${what}, in ${manyOf(unit)}`;
}
