/** The level of a day is what its last movement left, and that of the day before where nothing moved. */
import { describe, expect, it } from "vitest";

import { levelsByDay } from "./levels";

const levels = (movements: readonly [at: string, left: string][]): string[] =>
  levelsByDay(
    "100",
    "2026-02-27",
    "2026-03-02",
    movements.map(([at, left]) => ({ at, left })),
  ).map(({ day, left }) => `${day.slice(5)} ${left}`);

describe("levels by day", () => {
  it("stay where nothing moves", () => {
    expect(levels([])).toEqual(["02-27 100", "02-28 100", "03-01 100", "03-02 100"]);
  });

  it("follow the last movement of a day", () => {
    const moved = levels([
      ["2026-02-28T08:00:00Z", "70"],
      ["2026-02-28T23:59:59Z", "90.5"],
      ["2026-03-02T00:00:00Z", "0"],
    ]);
    expect(moved).toEqual(["02-27 100", "02-28 90.5", "03-01 90.5", "03-02 0"]);
  });
});
