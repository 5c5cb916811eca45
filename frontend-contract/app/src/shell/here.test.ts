/** One entry of the menu is marked, also for pages that the menu does not have. */
import { describe, expect, it } from "vitest";

import { isHere } from "./here";

const MENU = ["/payments", "/payments/discrepancies", "/payments/statements", "/pay"];

describe("the menu marks", () => {
  it.each([
    ["/payments", "/payments"],
    ["/payments/discrepancies", "/payments/discrepancies"],
    ["/payments/discrepancies/RGlz", "/payments/discrepancies"],
    ["/payments/reports", "/payments"],
    ["/pay/now", "/pay"],
  ])("at %s the entry %s and no other", (location, marked) => {
    expect(MENU.filter((path) => isHere(location, path, MENU))).toEqual([marked]);
  });

  it("nothing elsewhere", () => expect(MENU.filter((path) => isHere("/paying", path, MENU))).toEqual([]));
});
