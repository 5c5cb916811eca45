/** What the states of a loan are called on a screen, and how they look. */
import type { CollectionBucket, DelinquencyBucket, LoanStatus, PaymentChannel, PeriodUnit } from "@/graphql/schema";
import type { Tone } from "@/kit";

export const LOAN_STATUS: Record<LoanStatus, { word: string; tone: Tone }> = {
  DRAFT: { word: "Draft", tone: "plain" },
  SUBMITTED: { word: "Handed in", tone: "info" },
  UNDER_REVIEW: { word: "Under review", tone: "info" },
  KYC_PENDING: { word: "Identity to verify", tone: "warn" },
  KYC_VERIFIED: { word: "Ready to decide", tone: "info" },
  APPROVED: { word: "Approved", tone: "good" },
  ACTIVE: { word: "Active", tone: "good" },
  OVERPAID: { word: "Overpaid", tone: "warn" },
  CLOSED: { word: "Paid off", tone: "plain" },
  WRITTEN_OFF: { word: "Written off", tone: "bad" },
  REJECTED: { word: "Rejected", tone: "bad" },
  WITHDRAWN: { word: "Withdrawn", tone: "plain" },
};

/** How late a loan is, from not at all on; each with the colour of its part of a bar. */
export const AGE: Record<DelinquencyBucket, { word: string; colour: `--${string}` }> = {
  CURRENT: { word: "On time", colour: "--good" },
  DAYS_1_30: { word: "1–30 days late", colour: "--info" },
  DAYS_31_60: { word: "31–60 days", colour: "--warn" },
  DAYS_61_90: { word: "61–90 days", colour: "--high" },
  DAYS_91_180: { word: "91–180 days", colour: "--bad" },
  OVER_180: { word: "More than 180 days", colour: "--bad-ink" },
};

export const BUCKET: Record<CollectionBucket, string> = {
  DUE_TODAY: "Due today",
  OVERDUE: "Overdue",
  UPCOMING: "Upcoming",
};

export const CHANNEL: Record<PaymentChannel, string> = {
  WALLET: "Wallet",
  CASH: "Cash",
  BANK: "Bank",
  MPESA: "M-Pesa",
  DIRECT: "Straight to the payee",
};

export const CHANNEL_COLOUR: Record<PaymentChannel, `--${string}`> = {
  WALLET: "--series-1",
  CASH: "--series-2",
  BANK: "--series-3",
  MPESA: "--series-4",
  DIRECT: "--series-5",
};

export const APPLICATION_STATUSES = [
  "SUBMITTED",
  "UNDER_REVIEW",
  "KYC_PENDING",
  "KYC_VERIFIED",
  "APPROVED",
] as const satisfies readonly LoanStatus[];
export const RUNNING_STATUSES = ["ACTIVE", "OVERPAID"] as const satisfies readonly LoanStatus[];
export const ENDED_STATUSES = [
  "CLOSED",
  "WRITTEN_OFF",
  "REJECTED",
  "WITHDRAWN",
] as const satisfies readonly LoanStatus[];

/** In what the time between two instalments is counted. */
export const PERIOD: Record<PeriodUnit, string> = { DAYS: "days", WEEKS: "weeks", MONTHS: "months" };
