import { describe, expect, it } from "vitest";

import { NOTHING_TYPED, problemsOf } from "./transfer";

const wallet = { id: "mine", currency: "INR", available: { amount: "250.50", formatted: "INR 250.50" } };
const problems = (said: Partial<typeof NOTHING_TYPED>) => problemsOf({ ...NOTHING_TYPED, ...said }, wallet);

describe("sending money to another wallet", () => {
  it("has nothing against what is not typed yet", () => {
    expect(problems({})).toEqual({});
  });

  it("sends all that there is, and not a cent more", () => {
    expect(problems({ amount: "250.5" }).amount).toBeUndefined();
    expect(problems({ amount: "250.51" }).amount).toBe("There is INR 250.50 to spend.");
  });

  it("wants an amount that can be counted", () => {
    for (const amount of ["0", "-1", "1.005", "ten"]) expect(problems({ amount }).amount).toMatch(/above zero/);
  });

  it("does not send to where the money is", () => {
    expect(problems({ to: " mine " }).to).toMatch(/comes from/);
    expect(problems({ to: "theirs" }).to).toBeUndefined();
  });
});
