/** How far things of the mill are is told by where they stand and by what is owed for them. */
import { describe, expect, it } from "vitest";

import { orderStep, ORDER_STEPS, PRODUCTION_STEPS, productionStep, PURCHASE_STEPS, purchaseStep } from "./way";

const owed = (amount: string) => ({ dueAmount: { amount } });

describe("the way of", () => {
  it("a production ends when it is milled", () => {
    expect(PRODUCTION_STEPS[productionStep("COMPLETED")]).toBe("Milled");
    expect(productionStep("CANCELLED")).toBe(-1);
  });

  it.each([
    ["Ordered", "DRAFT", null, "0.00"],
    ["Received", "RECEIVED", null, "0.00"],
    ["Received", "PART_RETURNED", null, "0.00"],
    ["Billed", "BILLED", { amount: "10.00" }, "4.00"],
    ["Billed", "PART_RETURNED", { amount: "10.00" }, "4.00"],
    ["Paid", "BILLED", { amount: "10.00" }, "0.00"],
    ["Paid", "RETURNED", { amount: "10.00" }, "-2.00"],
    [undefined, "CANCELLED", null, "0.00"],
  ] as const)("a purchase is at %s when it is %s", (step, status, billedAmount, due) => {
    expect(PURCHASE_STEPS[purchaseStep({ status, billedAmount, ...owed(due) })]).toBe(step);
  });

  it.each([
    ["Ordered", "CONFIRMED", "0.00"],
    ["Delivered", "DELIVERED", "4.00"],
    ["Paid", "PAID", "0.00"],
    ["Paid", "RETURNED", "0.00"],
    [undefined, "CANCELLED", "0.00"],
  ] as const)("an order is at %s when it is %s", (step, status, due) => {
    expect(ORDER_STEPS[orderStep({ status, ...owed(due) })]).toBe(step);
  });
});
