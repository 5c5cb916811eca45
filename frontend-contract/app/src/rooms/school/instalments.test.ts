/** How the lines of a fee become instalments. */
import { expect, test } from "vitest";

import { instalmentsOf } from "./instalments";

function line(instalmentNo: number, dueOn: string, categoryTitle: string, amount: string, paid: string, unpaid: string) {
  return { instalmentNo, dueOn, categoryTitle, amount: { amount }, paid: { amount: paid }, unpaid: { amount: unpaid } };
}

test("lines of one instalment are summed, and instalments stand in the order in which they fall due", () => {
  const lines = [
    line(1, "2026-07-19", "Tuition", "600.00", "600.00", "0.00"),
    line(1, "2026-07-19", "Feeding", "150.50", "100.25", "50.25"),
    line(3, "2027-02-04", "Tuition", "600.00", "0.00", "600.00"),
    line(4, "2026-11-10", "Late fee", "25.00", "0.00", "25.00"),
  ];
  expect(instalmentsOf(lines)).toEqual([
    { number: 1, dueOn: "2026-07-19", what: "Tuition, Feeding", amount: "750.50", paid: "700.25", unpaid: "50.25" },
    { number: 4, dueOn: "2026-11-10", what: "Late fee", amount: "25.00", paid: "0.00", unpaid: "25.00" },
    { number: 3, dueOn: "2027-02-04", what: "Tuition", amount: "600.00", paid: "0.00", unpaid: "600.00" },
  ]);
});
