/** What a new plan asks for, from what is typed. */
import { describe, expect, test } from "vitest";

import { planInput, usualPlan } from "./planDraft";

const usual = usualPlan("2026-11-20");

describe("new terms", () => {
  test("say only what changes", () => {
    expect(planInput(usual)).toEqual({ kind: "NEW_TERMS", fromOn: "2026-11-20", extraInstalments: 2 });
    expect(planInput({ ...usual, extraInstalments: "", newDueOn: "2026-12-05", annualRate: "10.5" })).toEqual({
      kind: "NEW_TERMS",
      fromOn: "2026-11-20",
      extraInstalments: 0,
      newDueOn: "2026-12-05",
      annualRate: "10.5",
    });
  });

  test("are none while nothing changes, or something cannot be read", () => {
    expect(planInput({ ...usual, extraInstalments: "0" })).toBeNull();
    expect(planInput({ ...usual, extraInstalments: "two" })).toBeNull();
    expect(planInput({ ...usual, annualRate: "ten" })).toBeNull();
    expect(planInput({ ...usual, fromOn: "" })).toBeNull();
  });
});

test("a whole new plan says its days and how many instalments it has", () => {
  expect(planInput({ ...usual, kind: "REAGE", unit: "WEEKS" })).toEqual({
    kind: "REAGE",
    firstDueOn: "2026-12-20",
    instalments: 12,
    unit: "WEEKS",
  });
  expect(planInput({ ...usual, kind: "REAGE", instalments: "0" })).toBeNull();
});

test("what is late is spread without further words", () => {
  expect(planInput({ ...usual, kind: "REAMORTISE", instalments: "" })).toEqual({ kind: "REAMORTISE" });
});
