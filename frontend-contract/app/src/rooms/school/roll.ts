/** A roll as it is being called: the mark of each student, from what is known already and what was just said. */
import type { AttendanceStatus } from "@/graphql/schema";
import { daysAfter } from "@/kit/words";

export const MARKS = ["PRESENT", "LATE", "ABSENT", "LEAVE"] as const satisfies readonly AttendanceStatus[];

export const MARK_WORDS: Record<AttendanceStatus, string> = {
  PRESENT: "Present",
  LATE: "Late",
  ABSENT: "Absent",
  LEAVE: "On leave",
};

export interface KnownMark {
  readonly id: string;
  readonly status: AttendanceStatus;
  readonly version: number;
}

export interface RollLine {
  readonly studentId: string;
  readonly name: string;
  readonly number: string;
  /** What the school has written down; null before the roll is called. */
  readonly known: KnownMark | null;
  /** What was just said and not handed in; null when nothing was. */
  readonly said: AttendanceStatus | null;
}

interface OnRoll {
  readonly id: string;
  readonly number: string;
  readonly fullName: string;
}

interface Marked extends KnownMark {
  /** Null for a student whom the reader may not see. */
  readonly student: { readonly id: string } | null;
}

export type Said = Readonly<Record<string, AttendanceStatus>>;

/** The roll of a class: everybody on it, whatever else was marked. */
export function rollOf(students: readonly OnRoll[], marks: readonly Marked[], said: Said): RollLine[] {
  const known = new Map(marks.map(({ student, id, status, version }) => [student?.id, { id, status, version }]));
  return students.map((student) => {
    const mark = known.get(student.id) ?? null;
    const word = said[student.id] ?? null;
    return {
      studentId: student.id,
      name: student.fullName,
      number: student.number,
      known: mark,
      said: word === mark?.status ? null : word,
    };
  });
}

/** What stands beside a student now. */
export function shownMark(line: RollLine): AttendanceStatus | null {
  return line.said ?? line.known?.status ?? null;
}

/** How many have each mark, and how many none, as the roll stands now. */
export function countMarks(roll: readonly RollLine[]): Record<AttendanceStatus | "NONE", number> {
  const counts = { PRESENT: 0, LATE: 0, ABSENT: 0, LEAVE: 0, NONE: 0 };
  for (const line of roll) counts[shownMark(line) ?? "NONE"] += 1;
  return counts;
}

/** The marks to hand in: first ones, and those that take the place of others and therefore need a reason. */
export function changes(roll: readonly RollLine[]): {
  first: { studentId: string; status: AttendanceStatus }[];
  corrected: RollLine[];
} {
  const said = roll.filter((line) => line.said !== null);
  return {
    first: said
      .filter((line) => line.known === null)
      .map((line) => ({ studentId: line.studentId, status: line.said ?? "PRESENT" })),
    corrected: said.filter((line) => line.known !== null),
  };
}

/** What an academic year says of its days. */
export interface SchoolYear {
  readonly startsOn: string;
  readonly endsOn: string;
  /** Monday is 1. */
  readonly weekdays: readonly number[];
  readonly holidays: readonly { readonly startsOn: string; readonly endsOn: string }[];
}

export function isSchoolDay(on: string, years: readonly SchoolYear[]): boolean {
  const weekday = new Date(`${on}T00:00:00Z`).getUTCDay() || 7;
  return years.some(
    (year) =>
      year.startsOn <= on &&
      on <= year.endsOn &&
      year.weekdays.includes(weekday) &&
      !year.holidays.some((holiday) => holiday.startsOn <= on && on <= holiday.endsOn),
  );
}

/** Longer than any holidays. */
const DAYS_BACK = 120;

/** So many days of school until a day, the latest first. */
export function schoolDaysUntil(until: string, years: readonly SchoolYear[], many: number): string[] {
  const days = Array.from({ length: DAYS_BACK }, (_, back) => daysAfter(until, -back));
  return days.filter((on) => isSchoolDay(on, years)).slice(0, many);
}

/** The day whose roll is called next: today, or the last day of school before it. */
export function lastSchoolDay(today: string, years: readonly SchoolYear[]): string {
  return schoolDaysUntil(today, years, 1)[0] ?? today;
}
