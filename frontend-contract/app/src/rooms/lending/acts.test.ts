/** Which acts a loan offers to whom. */
import { describe, expect, test } from "vitest";

import type { Person } from "@/shell/room";

import { actsOn, type Actable } from "./acts";

const officer: Person = {
  id: "kamau",
  name: "Kamau",
  roles: ["LOAN_OFFICER"],
  permissions: ["LOAN_READ", "LOAN_REVIEW", "LOAN_COLLECT", "COLLECTIONS_WORK"],
};
const manager: Person = {
  id: "wairimu",
  name: "Wairimu",
  roles: ["BRANCH_MANAGER"],
  permissions: [...officer.permissions, "LOAN_APPROVE", "LOAN_ADJUST"],
};
const borrower: Person = { id: "njeri", name: "Njeri", roles: ["BORROWER"], permissions: ["LOAN_READ", "LOAN_APPLY"] };

function loan(status: Actable["status"], more: Partial<Actable> = {}): Actable {
  const nobodyAsks = { disbursedOn: null, kycRequired: false, kycVerifiedAt: null };
  return { status, borrower: { id: "njeri" }, officer: { id: "kamau" }, ...nobodyAsks, ...more };
}
const PAID_OUT = { disbursedOn: "2026-09-01" };

describe("an application", () => {
  test("is reviewed by officers, turned down by managers, taken back by its borrower", () => {
    expect([...actsOn(loan("SUBMITTED"), officer)].sort()).toEqual(["ADD_PAPER", "LOG_CALL", "REVIEW"]);
    expect(actsOn(loan("SUBMITTED"), manager).has("REJECT")).toBe(true);
    expect([...actsOn(loan("SUBMITTED"), borrower)].sort()).toEqual(["ADD_PAPER", "WITHDRAW"]);
  });

  test("is handed in, or given up, by its borrower while it is a draft", () => {
    expect([...actsOn(loan("DRAFT"), borrower)].sort()).toEqual(["ADD_PAPER", "SUBMIT", "WITHDRAW"]);
    expect(actsOn(loan("DRAFT"), officer).has("SUBMIT")).toBe(false);
  });

  test("that nobody looks after can be taken on by an officer, not by a manager", () => {
    const alone = loan("SUBMITTED", { officer: null });
    expect(actsOn(alone, officer).has("TAKE_ON")).toBe(true);
    expect(actsOn(alone, manager).has("TAKE_ON")).toBe(false);
  });

  test("is approved only once the borrower is known", () => {
    const unknown = { kycRequired: true };
    expect(actsOn(loan("KYC_PENDING", unknown), manager).has("APPROVE")).toBe(false);
    expect(actsOn(loan("KYC_PENDING", unknown), manager).has("VERIFY")).toBe(true);
    const known = { kycRequired: true, kycVerifiedAt: "2026-09-01T08:00:00Z" };
    expect(actsOn(loan("KYC_VERIFIED", known), manager).has("APPROVE")).toBe(true);
    expect(actsOn(loan("KYC_VERIFIED", known), manager).has("VERIFY")).toBe(false);
  });
});

describe("a running loan", () => {
  test("is paid by its borrower and recorded by staff", () => {
    expect([...actsOn(loan("ACTIVE", PAID_OUT), borrower)].sort()).toEqual(["ADD_PAPER", "PAY"]);
    expect(actsOn(loan("ACTIVE", PAID_OUT), officer).has("RECORD")).toBe(true);
  });

  test("gets another plan from managers alone", () => {
    expect(actsOn(loan("ACTIVE", PAID_OUT), officer).has("ASK_FOR_CHANGE")).toBe(false);
    expect(actsOn(loan("ACTIVE", PAID_OUT), manager).has("ASK_FOR_CHANGE")).toBe(true);
    expect(actsOn(loan("OVERPAID", PAID_OUT), manager).has("ASK_FOR_CHANGE")).toBe(false);
  });

  test("is charged something by managers once it is paid out", () => {
    expect(actsOn(loan("ACTIVE", PAID_OUT), officer).has("CHARGE")).toBe(false);
    expect(actsOn(loan("ACTIVE", PAID_OUT), manager).has("CHARGE")).toBe(true);
    expect(actsOn(loan("APPROVED"), manager).has("CHARGE")).toBe(false);
  });
});

test("who is staff handles no loan of their own", () => {
  const both: Person = { ...manager, id: "njeri", roles: ["BRANCH_MANAGER", "BORROWER"] };
  expect([...actsOn(loan("KYC_VERIFIED"), both)].sort()).toEqual(["ADD_PAPER", "WITHDRAW"]);
});

test("what was given up can still be recovered, and nothing else", () => {
  expect([...actsOn(loan("WRITTEN_OFF", PAID_OUT), manager)].sort()).toEqual(["LOG_CALL", "PLAN_STEP"]);
});
