/** What the states of stock, productions and sales are called on a screen, and how they look. */
import type { ItemCategory, ProductionStatus, SaleStatus, StockStatus } from "@/graphql/schema";
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

/** "2,400 kg", "1 packet", "44 packets". */
export function quantity(value: string | number, unit: string): string {
  const counted = /^(kg|g|l|ml|t)$/.test(unit) || Number(value) === 1 ? unit : `${unit}s`;
  return `${number(value)} ${counted}`;
}
