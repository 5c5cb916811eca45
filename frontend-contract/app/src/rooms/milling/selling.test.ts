/** Which acts a sale has: by how far it is, by who has its invoice, and by what its reader may do. */
import { describe, expect, it } from "vitest";

import type { SaleRow } from "./rows";
import { possibleActs } from "./selling";

const ALL = ["MILL_SELL", "MILL_BILL", "INVOICE_SELL"];

interface Standing {
  readonly due?: string;
  readonly invoiceNumber?: string | null;
  readonly financeStatus?: SaleRow["financeStatus"];
}

function acts(status: SaleRow["status"], standing: Standing = {}, permissions: readonly string[] = ALL): string[] {
  const { due = "0.00", invoiceNumber = null, financeStatus = null } = standing;
  const dueAmount = { amount: due, formatted: due };
  return possibleActs({ status, dueAmount, invoiceNumber, financeStatus }, permissions).map(({ name }) => name);
}

describe("a sale", () => {
  it("that is an offer is ordered, delivered or called off", () => {
    expect(acts("DRAFT")).toEqual(["order", "deliver", "cancel"]);
    expect(acts("CONFIRMED")).toEqual(["deliver", "cancel"]);
  });

  it("that is delivered is invoiced first and offered to investors then", () => {
    expect(acts("DELIVERED", { due: "10.00" })).toEqual(["takePayment", "invoice", "takeBack"]);
    expect(acts("DELIVERED", { due: "10.00", invoiceNumber: "SI-1" })).toEqual(["takePayment", "offer", "takeBack"]);
  });

  it("whose invoice is with investors is paid to them, and nothing comes back of it", () => {
    const standing = { due: "10.00", invoiceNumber: "SI-1" };
    expect(acts("DELIVERED", { ...standing, financeStatus: "FUNDED" })).toEqual([]);
    expect(acts("DELIVERED", { ...standing, financeStatus: "REFUSED" })).toContain("offer");
    expect(acts("PART_RETURNED", { ...standing, financeStatus: "SETTLED" })).toEqual(["takePayment", "takeBack"]);
  });

  it("that was paid and came back leaves money to give back", () => {
    expect(acts("RETURNED", { due: "-4.00", invoiceNumber: "SI-1" })).toEqual(["giveBack"]);
  });

  it("is sold by who sells, and paid to who keeps the till", () => {
    expect(acts("DELIVERED", { due: "10.00" }, ["MILL_SELL"])).toEqual(["invoice", "takeBack"]);
    expect(acts("DELIVERED", { due: "10.00", invoiceNumber: "SI-1" }, ["MILL_BILL"])).toEqual(["takePayment"]);
  });
});
