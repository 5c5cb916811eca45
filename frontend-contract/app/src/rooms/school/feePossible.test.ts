/** Which acts a fee offers to whom. */
import { expect, test } from "vitest";

import { feeActsOf } from "./feePossible";

const unpaid = { status: "UNPAID", deletedAt: null, amountPaid: { amount: "0.00" } } as const;
const partly = { status: "PARTIALLY_PAID", deletedAt: null, amountPaid: { amount: "50.00" } } as const;
const paid = { status: "PAID", deletedAt: null, amountPaid: { amount: "150.00" } } as const;
const BURSAR = ["FEES_READ", "FEES_MANAGE", "FEES_COLLECT"];
const GUARDIAN = ["WARDS_READ", "WALLET_USE"];

test("a guardian pays what is owed, and nothing else", () => {
  expect([...feeActsOf(unpaid, GUARDIAN, true)]).toEqual(["PAY"]);
  expect([...feeActsOf(paid, GUARDIAN, true)]).toEqual([]);
});

test("an advance is used where there is one and something is owed", () => {
  expect(feeActsOf(unpaid, BURSAR, false).has("USE_ADVANCE")).toBe(false);
  expect(feeActsOf(unpaid, BURSAR, true).has("USE_ADVANCE")).toBe(true);
  expect(feeActsOf(paid, BURSAR, true).has("USE_ADVANCE")).toBe(false);
});

test("money goes back once some came", () => {
  expect(feeActsOf(unpaid, BURSAR, false).has("REFUND")).toBe(false);
  expect(feeActsOf(partly, BURSAR, false).has("REFUND")).toBe(true);
});

test("a cashier takes money and manages nothing", () => {
  expect([...feeActsOf(partly, ["FEES_READ", "FEES_COLLECT"], false)]).toEqual(["PAY"]);
});

test("what was deleted stays as it is", () => {
  expect(feeActsOf({ ...partly, deletedAt: "2026-11-01T08:00:00Z" }, BURSAR, true).size).toBe(0);
});
