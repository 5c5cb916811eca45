/** The ways of productions, purchases and orders, as people follow them: their steps, and the last one that is reached. */
import type { ProductionStatus, PurchaseStatus, SaleStatus } from "@/graphql/schema";

/** What was called off has reached none of its steps. */
const NONE = -1;

export const PRODUCTION_STEPS = ["Planned", "Materials taken", "Milled"] as const;

export function productionStep(status: ProductionStatus): number {
  return { PLANNED: 0, IN_PROGRESS: 1, COMPLETED: 2, CANCELLED: NONE }[status];
}

export const PURCHASE_STEPS = ["Ordered", "Received", "Billed", "Paid"] as const;

interface PurchaseStanding {
  readonly status: PurchaseStatus;
  /** What the bill comes to; nothing without a bill. */
  readonly billedAmount: unknown;
  readonly dueAmount: { readonly amount: string };
}

/** Goods that went back leave a purchase where its bill is. */
export function purchaseStep({ status, billedAmount, dueAmount }: PurchaseStanding): number {
  if (status === "CANCELLED") return NONE;
  if (status === "DRAFT") return 0;
  if (billedAmount === null) return 1;
  return Number(dueAmount.amount) > 0 ? 2 : 3;
}

export const ORDER_STEPS = ["Ordered", "Delivered", "Paid"] as const;

interface OrderStanding {
  readonly status: SaleStatus;
  readonly dueAmount: { readonly amount: string };
}

export function orderStep({ status, dueAmount }: OrderStanding): number {
  if (status === "CANCELLED" || status === "DRAFT") return NONE;
  if (status === "CONFIRMED") return 0;
  return Number(dueAmount.amount) > 0 ? 1 : 2;
}
