/** Which acts a purchase has: by how far it is, and by what its reader may do. */
import { describe, expect, it } from "vitest";

import type { PurchaseRow } from "./rows";
import { possibleActs } from "./purchasing";

const MONEY = (amount: string) => ({ amount, formatted: amount });
const ALL = ["MILL_PURCHASE", "MILL_BILL"];

function acts(status: PurchaseRow["status"], billed: string | null, due: string, permissions = ALL): string[] {
  const purchase = { status, billedAmount: billed === null ? null : MONEY(billed), dueAmount: MONEY(due) };
  return possibleActs(purchase, permissions).map(({ name }) => name);
}

describe("a purchase", () => {
  it("that is ordered is received or called off", () => {
    expect(acts("DRAFT", null, "0.00")).toEqual(["receive", "cancel"]);
  });

  it("that came is billed, also when some of it went back", () => {
    expect(acts("RECEIVED", null, "0.00")).toEqual(["bill", "addCost", "giveBack"]);
    expect(acts("PART_RETURNED", null, "0.00")).toEqual(["bill", "addCost", "giveBack"]);
  });

  it("that is billed is paid as long as something is owed", () => {
    expect(acts("BILLED", "10.00", "4.00")).toEqual(["pay", "addCost", "giveBack"]);
    expect(acts("BILLED", "10.00", "0.00")).toEqual(["addCost", "giveBack"]);
    expect(acts("RETURNED", "10.00", "-2.00")).toEqual([]);
  });

  it("is received by who buys and billed by who keeps the bills", () => {
    expect(acts("DRAFT", null, "0.00", ["MILL_BILL"])).toEqual([]);
    expect(acts("BILLED", "10.00", "4.00", ["MILL_BILL"])).toEqual(["pay", "addCost"]);
    expect(acts("RECEIVED", null, "0.00", ["MILL_PURCHASE"])).toEqual(["giveBack"]);
  });
});
