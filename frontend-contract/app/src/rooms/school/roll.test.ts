import { describe, expect, it } from "vitest";

import { changes, countMarks, lastSchoolDay, rollOf, schoolDaysUntil, shownMark } from "./roll";

const STUDENTS = [
  { id: "s1", number: "1", fullName: "Esi Asare" },
  { id: "s2", number: "2", fullName: "Kwaku Annan" },
  { id: "s3", number: "3", fullName: "Yaa Darko" },
];
const MARKS = [{ id: "m1", status: "PRESENT" as const, version: 1, student: { id: "s1" } }];

describe("a roll", () => {
  it("names everybody, with what is known and what was just said", () => {
    const roll = rollOf(STUDENTS, MARKS, { s2: "LATE" });
    expect(roll.map(shownMark)).toEqual(["PRESENT", "LATE", null]);
    expect(countMarks(roll)).toEqual({ PRESENT: 1, LATE: 1, ABSENT: 0, LEAVE: 0, NONE: 1 });
  });

  it("hands in first marks and corrections apart", () => {
    const { first, corrected } = changes(rollOf(STUDENTS, MARKS, { s1: "ABSENT", s2: "LEAVE" }));
    expect(first).toEqual([{ studentId: "s2", status: "LEAVE" }]);
    expect(corrected.map((line) => [line.known?.id, line.said])).toEqual([["m1", "ABSENT"]]);
  });

  it("has nothing to hand in when what was said is what is known", () => {
    expect(changes(rollOf(STUDENTS, MARKS, { s1: "PRESENT" }))).toEqual({ first: [], corrected: [] });
  });
});

describe("the day of a roll", () => {
  const YEARS = [
    {
      startsOn: "2026-07-04",
      endsOn: "2027-04-29",
      weekdays: [1, 2, 3, 4, 5],
      holidays: [{ startsOn: "2026-11-19", endsOn: "2026-11-20" }],
    },
  ];

  it("is today where there is school, else the last day with school", () => {
    expect(lastSchoolDay("2026-11-18", YEARS)).toBe("2026-11-18");
    expect(lastSchoolDay("2026-11-22", YEARS)).toBe("2026-11-18");
    expect(lastSchoolDay("2027-05-20", YEARS)).toBe("2027-04-29");
  });

  it("comes after the days before it, holidays and Sundays left out", () => {
    expect(schoolDaysUntil("2026-11-24", YEARS, 4)).toEqual(["2026-11-24", "2026-11-23", "2026-11-18", "2026-11-17"]);
  });

  it("is today where no year is known", () => {
    expect(lastSchoolDay("2026-11-22", [])).toBe("2026-11-22");
  });
});
