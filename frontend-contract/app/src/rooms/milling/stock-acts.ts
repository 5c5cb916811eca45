/** What can happen to stock beside buying, milling and selling: how it is said, and what there is afterwards. */
import { money } from "@daftari/client";

import type { StockAdjustmentCause } from "@/graphql/schema";

import { isPositive } from "../decimals";

export type StockActName = "COUNT" | "RECEIVE" | "ISSUE" | "TRANSFER" | "ADJUST";

interface StockActWords {
  /** What happened. */
  readonly words: string;
  /** What its quantity is. */
  readonly asks: string;
  readonly submit: string;
}

export const STOCK_ACTS: Record<StockActName, StockActWords> = {
  COUNT: { words: "It was counted", asks: "How much was found", submit: "Book the count" },
  RECEIVE: { words: "It came in, not bought", asks: "How much came", submit: "Bring it in" },
  ISSUE: { words: "It was used up or given away", asks: "How much went", submit: "Take it out" },
  TRANSFER: { words: "It was moved to another warehouse", asks: "How much was moved", submit: "Move it" },
  ADJUST: { words: "The books are wrong", asks: "How much more there is", submit: "Correct the books" },
};

export const CAUSES: readonly (readonly [StockAdjustmentCause, string])[] = [
  ["DAMAGE", "Damaged"],
  ["SPILLAGE", "Spilt"],
  ["EXPIRY", "Gone off"],
  ["THEFT", "Stolen"],
  ["LOSS", "Gone, nobody knows how"],
  ["FOUND", "Found"],
  ["SAMPLE", "Taken as a sample"],
  ["CORRECTION", "Written down wrong before"],
  ["OTHER", "Something else"],
];

/** The minus that people type may be a typographic one. */
export function asDecimal(typed: string): string {
  return typed.replace("−", "-");
}

/** Whether what is typed can be booked: nothing may be found in a count, and what is gone has a minus. */
export function isQuantity(act: StockActName, typed: string): boolean {
  if (act === "ADJUST") return isPositive(asDecimal(typed).replace("-", ""), 3);
  return isPositive(typed, 3) || (act === "COUNT" && /^0+(\.0{1,3})?$/.test(typed));
}

/** What there is in the warehouse when it is booked; undefined while nothing fitting is typed. */
export function afterwards(act: StockActName, there: string, typed: string): string | undefined {
  if (!isQuantity(act, typed)) return undefined;
  if (act === "COUNT") return typed;
  if (act === "RECEIVE" || act === "ADJUST") return money.add(there, asDecimal(typed));
  return money.subtract(there, typed);
}
