import { describe, expect, it } from "vitest";

import { compact, drawn, linear, linePath, percents, roundStep, shownLabels, ticks } from "./scale";

describe("the axis", () => {
  it("has round numbers around all values and zero", () => {
    expect(ticks([12, 87])).toEqual([0, 50, 100]);
    expect(ticks([120_000, 460_000])).toEqual([0, 200_000, 400_000, 600_000]);
    expect(ticks([-30, 70])).toEqual([-50, 0, 50, 100]);
    expect(ticks([0.12, 0.31])).toEqual([0, 0.1, 0.2, 0.3, 0.4]);
  });

  it("stands even when everything is zero, or nothing is there", () => {
    expect(ticks([0, 0])).toEqual([0, 1]);
    expect(ticks([])).toEqual([0, 1]);
  });

  it("steps by 1, 2 or 5", () => {
    expect([3, 7, 11, 30, 99].map((span) => roundStep(span, 4))).toEqual([1, 2, 5, 10, 50]);
  });
});

describe("places", () => {
  it("maps values onto pixels, upside down where that is wanted", () => {
    const scale = linear([0, 200], [100, 0]);
    expect([0, 50, 200].map(scale)).toEqual([100, 75, 0]);
  });

  it("puts a span of no length in the middle", () => {
    expect(linear([5, 5], [0, 80])(5)).toBe(40);
  });

  it("leaves a gap where a value is missing", () => {
    expect(linePath([[0, 1], [2, 3], null, [4, 5]])).toBe("M0.0 1.0L2.0 3.0M4.0 5.0");
  });

  it("always shows the newest label", () => {
    expect([...shownLabels(7, 300, 60)].sort((a, b) => a - b)).toEqual([0, 2, 4, 6]);
    expect(shownLabels(3, 300, 60).size).toBe(3);
    expect(shownLabels(12, 100, 60).has(11)).toBe(true);
  });
});

describe("values", () => {
  it("draws decimal strings and knows what is missing", () => {
    expect([drawn("12.50"), drawn(3), drawn(null), drawn("much")]).toEqual([12.5, 3, null, null]);
  });

  it("gives shares that add up to a hundred", () => {
    expect(percents([1, 1, 1])).toEqual([34, 33, 33]);
    expect(percents([0, 0])).toEqual([0, 0]);
    expect(percents([999, 1])).toEqual([100, 0]);
  });

  it("is short beside an axis", () => {
    expect(compact(1_250_000)).toBe("1.3M");
    expect(compact(800)).toBe("800");
  });
});
