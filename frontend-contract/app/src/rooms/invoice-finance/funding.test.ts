import { describe, expect, it } from "vitest";

import { presets, problemOf } from "./funding";

const ROOM = { remaining: "63000.00", available: "50000.00", least: "126.00" };

function write(amount: string): string {
  return `INR ${amount}`;
}

describe("funding an invoice", () => {
  it("offers the portions that the wallet can pay", () => {
    expect(presets(ROOM).map(({ amount }) => amount)).toEqual(["15750.00", "31500.00"]);
    expect(presets({ ...ROOM, available: "63000.00" }).at(-1)).toEqual({ words: "All of it", amount: "63000.00" });
  });

  it("offers the rest even where it is less than the smallest investment", () => {
    expect(presets({ remaining: "90.00", available: "500.00", least: "126.00" })).toEqual([
      { words: "All of it", amount: "90.00" },
    ]);
  });

  it("says at once what is wrong", () => {
    expect(problemOf("", ROOM, write)).toBeUndefined();
    expect(problemOf("2500", ROOM, write)).toBeUndefined();
    expect(problemOf("much", ROOM, write)).toMatch(/amount/);
    expect(problemOf("63000.01", ROOM, write)).toBe("Only INR 63000.00 is still to be funded.");
    expect(problemOf("50000.01", ROOM, write)).toBe("Your wallet has INR 50000.00 to spend.");
    expect(problemOf("100", ROOM, write)).toBe("The smallest investment is INR 126.00.");
    expect(problemOf("90", { ...ROOM, remaining: "90.00" }, write)).toBeUndefined();
  });
});
