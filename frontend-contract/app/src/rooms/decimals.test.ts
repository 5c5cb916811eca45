import { describe, expect, it } from "vitest";

import { compare, hundredth, isPositive, least, plainAmount, portion, times } from "./decimals";

describe("decimals in forms", () => {
  it("reads what people type", () => {
    expect(plainAmount("1'234, 567.10")).toBe("1234567.10");
    expect(["12", "12.5", "0.01"].every((text) => isPositive(text))).toBe(true);
    expect(["", "0", "0.00", "-1", "1.234", "1e3", "٣"].some((text) => isPositive(text))).toBe(false);
    expect(isPositive("1.234", 3)).toBe(true);
  });

  it("takes portions in whole units", () => {
    expect(portion("63000.00", 1, 4)).toBe("15750.00");
    expect(portion("100.01", 1, 3)).toBe("33.00");
    expect(portion("100.01", 1, 1)).toBe("100.01");
    expect(portion("1.50", 1, 2)).toBe("0.75");
  });

  it("multiplies exactly and rounds half up to the cent", () => {
    expect(times("3", "5400.00")).toBe("16200.00");
    expect(times("0.333", "0.15")).toBe("0.05");
    expect(times("1728", "156.526")).toBe("270476.93");
    expect(times("2", "7")).toBe("14.00");
  });

  it("reads percentages as factors", () => {
    expect(["80", "2.5", "100", "0.25"].map(hundredth)).toEqual(["0.80", "0.025", "1.00", "0.0025"]);
  });

  it("compares whatever their decimals", () => {
    expect([compare("2", "10"), compare("1.50", "1.5"), compare("0.3", "0.299")]).toEqual([-1, 0, 1]);
    expect(least("9007199254740993.10", "9007199254740993.2")).toBe("9007199254740993.10");
  });
});
