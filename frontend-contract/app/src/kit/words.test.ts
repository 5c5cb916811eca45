/** Words, days and distances of time as people read them. */
import { describe, expect, it } from "vitest";

import { count, daysAfter, humanise, inPercent, percent, relative, today } from "./words";

describe("names of values become words", () => {
  it.each([
    ["PENDING_APPROVAL", "Pending approval"],
    ["lowStock", "Low stock"],
    ["lending.loan_disbursed", "Lending loan disbursed"],
    ["KYC_PENDING", "KYC pending"],
    ["MPESA", "M-Pesa"],
    ["PAID_BY_MPESA", "Paid by M-Pesa"],
  ])("%s is %s", (name, words) => expect(humanise(name)).toBe(words));
});

describe("distances of time", () => {
  const now = new Date("2026-11-21T12:00:00Z");
  it.each([
    ["2026-11-21T11:59:57Z", "just now"],
    ["2026-11-21T11:57:00Z", "3 min ago"],
    ["2026-11-20T12:00:00Z", "yesterday"],
    ["2026-11-26T12:00:00Z", "in 5 days"],
    ["2026-10-20T12:00:00Z", "32 days ago"],
    ["2026-03-02T12:00:00Z", "2 Mar 2026"],
  ])("%s is %s", (at, words) => expect(relative(at, now)).toBe(words));
});

describe("numbers and days", () => {
  it("counts one and many", () => {
    expect(count(1, "entry", "entries")).toBe("1 entry");
    expect(count(1200, "entry", "entries")).toBe("1,200 entries");
  });
  it("says shares in percent, and nothing for no share", () => {
    expect(percent("0.2345")).toBe("23.5 %");
    expect(percent(null)).toBe("–");
    expect(["80.00", "34.76", "0.00", 2.5].map(inPercent)).toEqual(["80 %", "34.76 %", "0 %", "2.5 %"]);
  });
  it("goes over the end of months", () => expect(daysAfter("2026-02-27", 3)).toBe("2026-03-02"));
  it("says the day as the books count it", () => expect(today(new Date("2026-11-20T22:30:00Z"))).toBe("2026-11-20"));
});
