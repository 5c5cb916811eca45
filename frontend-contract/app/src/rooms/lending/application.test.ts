import { describe, expect, it } from "vitest";

import { asInput, unreadable, usualDraft, type Draft } from "./application";

const DRAFT: Draft = { productId: "p1", principal: "50,000", instalments: "12", purpose: " Stock " };

describe("an application while it is typed", () => {
  it("is asked for as an exact decimal in the product's currency", () => {
    expect(asInput(DRAFT, "KES")).toEqual({
      productId: "p1",
      principal: { amount: "50000", currency: "KES" },
      instalments: 12,
      purpose: "Stock",
    });
    expect(asInput({ ...DRAFT, principal: "12 500.50" }, "KES")?.principal.amount).toBe("12500.50");
  });

  it.each([
    { principal: "" },
    { principal: "a lot" },
    { principal: "0" },
    { principal: "1.234" },
    { instalments: "" },
    { instalments: "1.5" },
    { productId: "" },
  ])("asks for nothing while it is %o", (change) => {
    expect(asInput({ ...DRAFT, ...change }, "KES")).toBeNull();
  });

  it("says what cannot be read, but is silent about what is only missing", () => {
    expect(unreadable({ ...DRAFT, principal: "", instalments: "" })).toEqual({});
    expect(Object.keys(unreadable({ ...DRAFT, principal: "much", instalments: "0" }))).toEqual([
      "principal",
      "instalments",
    ]);
  });

  it("begins as the product is usually lent", () => {
    const product = { id: "p1", currency: "KES", usualTerms: { principal: { amount: "50000.00" }, instalments: 12 } };
    expect(usualDraft(product)).toEqual({ productId: "p1", principal: "50000", instalments: "12", purpose: "" });
  });
});
