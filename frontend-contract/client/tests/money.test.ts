/** Money is exact, however large or small. */
import { expect, test } from "vitest";

import { money } from "../src/index.ts";

test("sums of decimals are exact", () => {
  expect(money.add("0.10", "0.20")).toBe("0.30");
  expect(money.add("99999999999999999999.99", "0.01")).toBe("100000000000000000000.00");
  expect(money.subtract("1", "0.005")).toBe("0.995");
  expect(money.subtract("0.00", "0.05")).toBe("-0.05");
  expect(money.sum(["1.10", "-2.20", "3"])).toBe("1.90");
  expect(money.sum([])).toBe("0");
});

test("signs and comparisons", () => {
  expect(money.negate("12.50")).toBe("-12.50");
  expect(money.negate("-12.50")).toBe("12.50");
  expect(money.negate("0.00")).toBe("0.00");
  expect(["10.0", "9.99", "-1", "10.00"].sort(money.compare)).toEqual(["-1", "9.99", "10.0", "10.00"]);
  expect(money.compare("1.0", "1.00")).toBe(0);
  expect(money.isZero("-0.000")).toBe(true);
  expect(money.isZero("0.001")).toBe(false);
});

test("what is no amount is refused, not guessed", () => {
  for (const wrong of ["", "1,000.00", "1e3", "NaN", "1.", ".5", "٣"])
    expect(() => money.add(wrong, "1")).toThrow(TypeError);
});

test("formats keep every digit", () => {
  const plain = (text: string): string => text.replaceAll("\u00a0", " ");
  expect(plain(money.format({ amount: "1250.5", currency: "KES" }))).toBe("KES 1,250.50");
  expect(plain(money.format({ amount: "-90071992547409931.25", currency: "INR" }, "en"))).toBe(
    "-INR 90,071,992,547,409,931.25",
  );
  expect(plain(money.format({ amount: "0.0375", currency: "KES" }))).toBe("KES 0.0375");
  expect(plain(money.format({ amount: "500.00", currency: "JPY" }, "en"))).toBe("JPY 500");
});
