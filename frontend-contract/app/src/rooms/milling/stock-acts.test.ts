/** What an act does to what the books say, before it is sent. */
import { describe, expect, it } from "vitest";

import { afterwards, isQuantity, type StockActName } from "./stock-acts";

describe("stock afterwards", () => {
  it.each([
    ["COUNT", "18270.5", "18270.5"],
    ["COUNT", "0", "0"],
    ["RECEIVE", "2.125", "102.125"],
    ["ISSUE", "0.1", "99.9"],
    ["ISSUE", "120", "-20"],
    ["TRANSFER", "100", "0"],
    ["ADJUST", "12", "112"],
    ["ADJUST", "-35", "65"],
    ["ADJUST", "−35", "65"],
  ] as const)("%s of %s kg where 100 kg are: %s kg", (act, typed, after) => {
    expect(afterwards(act, "100", typed)).toBe(after);
  });

  it.each([
    ["RECEIVE", "0"],
    ["ISSUE", "-3"],
    ["TRANSFER", ""],
    ["COUNT", "-1"],
    ["ADJUST", "0"],
    ["ADJUST", "--4"],
    ["RECEIVE", "1.2345"],
  ] as [StockActName, string][])("nothing is booked as %s of “%s”", (act, typed) => {
    expect(isQuantity(act, typed)).toBe(false);
    expect(afterwards(act, "100", typed)).toBeUndefined();
  });
});
