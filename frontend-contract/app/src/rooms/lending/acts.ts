/** What somebody may do with a loan as it stands now. The server decides in the end; this says what to offer. */
import type { LoanStatus, Permission } from "@/graphql/schema";
import type { Person } from "@/shell/room";

export type LoanAct =
  | "ADD_PAPER"
  | "APPROVE"
  | "ASK_FOR_CHANGE"
  | "CHARGE"
  | "DECIDE_REQUEST"
  | "DISBURSE"
  | "LOG_CALL"
  | "PAY"
  | "PAY_OFF"
  | "PLAN_STEP"
  | "RECORD"
  | "REJECT"
  | "REVIEW"
  | "SUBMIT"
  | "TAKE_ON"
  | "UNDO_PAYMENT"
  | "VERIFY"
  | "WITHDRAW";

/** As much of a loan as decides it. */
export interface Actable {
  readonly status: LoanStatus;
  readonly borrower: { readonly id: string } | null;
  readonly officer: { readonly id: string } | null;
  readonly disbursedOn: string | null;
  readonly kycRequired: boolean;
  readonly kycVerifiedAt: string | null;
}

/** All acts that the loan has for this person. Nobody handles the own loan as staff. */
export function actsOn(loan: Actable, person: Person): ReadonlySet<LoanAct> {
  const own = loan.borrower?.id === person.id;
  const staff = (permission: Permission): boolean => !own && person.permissions.includes(permission);
  const { status } = loan;
  const asked = status === "SUBMITTED" || status === "UNDER_REVIEW";
  const undecided = asked || status === "KYC_PENDING" || status === "KYC_VERIFIED";
  const running = (status === "ACTIVE" || status === "OVERPAID") && loan.disbursedOn !== null;
  const active = status === "ACTIVE" && loan.disbursedOn !== null;
  const over = status === "REJECTED" || status === "WITHDRAWN" || status === "CLOSED" || status === "WRITTEN_OFF";
  const possible: Record<LoanAct, boolean> = {
    REVIEW: asked && staff("LOAN_REVIEW"),
    VERIFY: undecided && loan.kycRequired && loan.kycVerifiedAt === null && staff("LOAN_REVIEW"),
    APPROVE: status === "KYC_VERIFIED" && staff("LOAN_APPROVE"),
    REJECT: undecided && staff("LOAN_APPROVE"),
    SUBMIT: own && status === "DRAFT",
    WITHDRAW: own && (undecided || status === "DRAFT" || status === "APPROVED"),
    DISBURSE: status === "APPROVED" && staff("LOAN_DISBURSE"),
    TAKE_ON: !over && loan.officer === null && person.roles.includes("LOAN_OFFICER") && staff("LOAN_REVIEW"),
    ADD_PAPER: !over && (own || staff("LOAN_REVIEW")),
    PAY: running && own,
    RECORD: running && staff("LOAN_COLLECT"),
    PAY_OFF: active && staff("LOAN_COLLECT"),
    UNDO_PAYMENT: status !== "WRITTEN_OFF" && staff("LOAN_ADJUST"),
    LOG_CALL: staff("COLLECTIONS_WORK"),
    PLAN_STEP: (running || status === "WRITTEN_OFF") && staff("COLLECTIONS_WORK"),
    CHARGE: running && staff("LOAN_ADJUST"),
    ASK_FOR_CHANGE: active && staff("LOAN_ADJUST"),
    DECIDE_REQUEST: active && staff("LOAN_APPROVE"),
  };
  return new Set((Object.keys(possible) as LoanAct[]).filter((act) => possible[act]));
}
