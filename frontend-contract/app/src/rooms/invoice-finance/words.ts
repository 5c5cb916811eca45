/** What the states of an invoice are called on a screen, and how they look. */
import type { InvoiceStatus } from "@/graphql/schema";
import type { Tone } from "@/kit";

export const INVOICE_STATUS: Record<InvoiceStatus, { word: string; tone: Tone }> = {
  DRAFT: { word: "Draft", tone: "plain" },
  LISTED: { word: "On the marketplace", tone: "info" },
  PARTIALLY_FUNDED: { word: "Funded in part", tone: "info" },
  FUNDED: { word: "Funded", tone: "good" },
  PARTIALLY_REPAID: { word: "Repaid in part", tone: "info" },
  OVERDUE: { word: "Overdue", tone: "high" },
  DEFAULTED: { word: "Defaulted", tone: "bad" },
  SETTLED: { word: "Settled", tone: "good" },
  RECOVERED: { word: "Recovered", tone: "plain" },
  CANCELLED: { word: "Withdrawn", tone: "plain" },
  EXPIRED: { word: "Expired", tone: "plain" },
};

/** Where the debtor owes something. */
export const OWED_STATUSES: readonly InvoiceStatus[] = ["FUNDED", "PARTIALLY_REPAID", "OVERDUE", "DEFAULTED"];

/** How risky the rules find an invoice: the best grade is A. */
export function toneOfGrade(grade: string): "good" | "info" | "warn" | "bad" {
  if (grade === "A") return "good";
  if (grade === "B") return "info";
  return grade === "C" ? "warn" : "bad";
}
