/** Figures beside those of the time before. */
import { describe, expect, it } from "vitest";

import { changeInWords, daysBetween, monthsBetween } from "./change";

describe("a figure beside that of the time before", () => {
  it.each([
    ["120.00", "100.00", "20 % more than before"],
    ["50.00", "200.00", "75 % less than before"],
    ["100.00", "100.00", "as before"],
    ["0.00", "0.00", "as before"],
    ["10.00", "0.00", "nothing before"],
    ["10.00", null, "nothing before"],
    ["5.00", "-20.00", "more than before"],
    ["90000.00", "1.00", "more than before"],
  ])("%s after %s is %s", (now, before, words) => expect(changeInWords(now, before)).toBe(words));
});

describe("stretches of time", () => {
  it("have every day, over the end of months", () => {
    expect(daysBetween("2026-02-27", "2026-03-01")).toEqual(["2026-02-27", "2026-02-28", "2026-03-01"]);
  });
  it("have every month once", () =>
    expect(monthsBetween("2026-11-30", "2027-01-01")).toEqual(["2026-11", "2026-12", "2027-01"]));
});
