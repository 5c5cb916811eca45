/** A bill of materials on its way into the form and out of it again: quantities in base units, what by-products carry. */
import { describe, expect, it } from "vitest";

import { changedRecipe, draftOf, isComplete, newRecipe, type Recipe } from "./recipe";

const MONEY = (amount: string) => ({ amount, formatted: `KES ${amount}` });
const LINE = { unit: "kg", costPerUnit: null, sharePercent: null };

const STRAIGHT: Recipe = {
  id: "bom",
  code: "STRAIGHT",
  name: "Straight flour",
  itemId: "flour",
  outputQuantity: "720",
  overhead: MONEY("0.00"),
  note: "",
  active: true,
  version: 3,
  item: { id: "flour", name: "Flour", baseUnit: "kg" },
  lines: [
    { ...LINE, lineNo: 1, role: "INPUT", itemId: "wheat", unit: "tonne", quantity: "1", baseQuantity: "1000" },
    {
      ...LINE,
      lineNo: 2,
      role: "BY_PRODUCT",
      itemId: "bran",
      quantity: "200",
      baseQuantity: "200",
      costPerUnit: MONEY("8.00"),
    },
    { ...LINE, lineNo: 3, role: "BY_PRODUCT", itemId: "shorts", quantity: "70", baseQuantity: "70", sharePercent: "5" },
  ],
};

describe("a bill of materials", () => {
  it("is read in base units and sent as it was", () => {
    const { inputs, byProducts, quantity, overhead, expectedVersion } = changedRecipe(
      draftOf(STRAIGHT),
      STRAIGHT,
      "KES",
    );
    expect(inputs).toEqual([{ itemId: "wheat", quantity: "1000" }]);
    expect(byProducts).toEqual([
      { itemId: "bran", quantity: "200", costPerUnit: { amount: "8.00", currency: "KES" } },
      { itemId: "shorts", quantity: "70", sharePercent: "5" },
    ]);
    expect([quantity, overhead, expectedVersion]).toEqual(["720", { amount: "0", currency: "KES" }, 3]);
  });

  it("gives a by-product a price instead of its share", () => {
    const draft = draftOf(STRAIGHT);
    const byProducts = draft.byProducts.map((line) => ({ ...line, price: "1,000.50" }));
    expect(changedRecipe({ ...draft, byProducts }, STRAIGHT, "KES").byProducts?.[1]).toEqual({
      itemId: "shorts",
      quantity: "70",
      costPerUnit: { amount: "1000.50", currency: "KES" },
    });
  });

  it("is new with what was typed, and not before all of it is there", () => {
    const blank = draftOf(undefined);
    expect(isComplete(blank)).toBe(false);
    const typed = {
      ...blank,
      code: "X",
      name: "New",
      itemId: "flour",
      inputs: [{ ...blank.inputs[0]!, itemId: "wheat", wanted: "1,200" }],
    };
    expect(isComplete(typed)).toBe(true);
    expect(newRecipe(typed, "KES")).toMatchObject({
      code: "X",
      itemId: "flour",
      inputs: [{ itemId: "wheat", quantity: "1200" }],
    });
  });
});
