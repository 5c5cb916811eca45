/** The people of the demo, found by what somebody would type. */
import { describe, expect, it } from "vitest";

import { byBusiness, type DemoPerson } from "./demo-people";

function person(name: string, roles: string[], note = ""): DemoPerson {
  return { name, roles, note, email: `${name.toLowerCase()}@daftari.example`, password: "-" };
}

const PEOPLE = [
  person("Asha", ["SELLER"], "sells invoices"),
  person("Wairimu", ["BRANCH_MANAGER"], "approves in Nairobi"),
  person("Peter", ["BORROWER", "GUARDIAN"]),
  person("Amina", ["TEACHER"], "gives sessions that are paid by M-Pesa"),
  person("Somebody", ["NIGHT_WATCH"]),
];

function found(search: string): string[] {
  return byBusiness(PEOPLE, search).flatMap(({ people }) => people.map(({ name }) => name));
}

describe("people by business", () => {
  it("stand under the business of their first role", () => {
    const titles = byBusiness(PEOPLE, "").map(({ title, people }) => [title, people.map(({ name }) => name)]);
    expect(titles).toEqual([
      ["Lending", ["Wairimu", "Peter"]],
      ["Invoice finance", ["Asha"]],
      ["Counselling and payments", ["Amina", "Somebody"]],
    ]);
  });

  it.each([
    ["wairimu", ["Wairimu"]],
    ["branch manager", ["Wairimu"]],
    ["nairobi APPROVES", ["Wairimu"]],
    ["invoice", ["Asha"]],
    ["guardian", ["Peter"]],
    ["nobody", []],
  ])("searched by %j are %j", (search, names) => expect(found(search)).toEqual(names));
});
