/** What the states of fees are called on a screen, and how they look. */
import type { FeePaymentMethod, FeeStatus } from "@/graphql/schema";
import type { Tone } from "@/kit";

export const FEE_STATUS: Record<FeeStatus, { word: string; tone: Tone }> = {
  UNPAID: { word: "Unpaid", tone: "high" },
  PARTIALLY_PAID: { word: "Paid in part", tone: "warn" },
  PAID: { word: "Paid", tone: "good" },
  OVERPAID: { word: "Overpaid", tone: "info" },
  REFUNDED: { word: "Given back", tone: "plain" },
  VOID: { word: "Deleted", tone: "plain" },
};

export const METHOD: Record<FeePaymentMethod, string> = {
  CASH: "Cash",
  BANK: "Bank",
  MPESA: "M-Pesa",
  WALLET: "Wallet",
  ADVANCE: "Advance",
  LOAN: "Loan",
};

/** How the desk of a school takes money; the rest comes by itself. */
export const AT_THE_DESK: readonly (readonly [FeePaymentMethod, string])[] = [
  ["CASH", "Cash"],
  ["BANK", "Bank"],
];
