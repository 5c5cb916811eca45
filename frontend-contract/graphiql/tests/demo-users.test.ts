/** Who is found by what is typed. */
import { expect, test } from "vitest";
import { findUsers, type DemoUser } from "../src/demo-users";

function user(name: string, business: string, role: string, note: string): DemoUser {
  return { name, email: `${name}@daftari.example`.toLowerCase(), password: "x", roles: [role], note, business };
}

const ASHA = user("Asha", "Invoice finance", "SELLER", "sells invoices");
const KAMAU = user("Kamau", "Lending", "LOAN_OFFICER", "collects in Nairobi");
const WAIRIMU = user("Wairimu", "Lending", "BRANCH_MANAGER", "approves in Nairobi");

test("everybody, by business, when nothing is typed", () => {
  expect(findUsers([ASHA, KAMAU, WAIRIMU], "")).toEqual([
    ["Invoice finance", [ASHA]],
    ["Lending", [KAMAU, WAIRIMU]],
  ]);
});

test("whoever has all the words, in whatever is said of them", () => {
  expect(findUsers([ASHA, KAMAU, WAIRIMU], "Nairobi loan  officer")).toEqual([["Lending", [KAMAU]]]);
  expect(findUsers([ASHA, KAMAU, WAIRIMU], "invoice")).toEqual([["Invoice finance", [ASHA]]]);
  expect(findUsers([ASHA, KAMAU, WAIRIMU], "nobody")).toEqual([]);
});
