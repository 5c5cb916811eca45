"""Attendance: who can be marked on a day, a whole roll at once, and the rates that follow.

There is one mark for a student on a day in a class, or one in each lesson where lessons are marked. Only who was in the
class on that day is marked, only on days of school that have come, and a correction is a new mark in the place of the old
one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.kit.decimals import percent
from domain.kit.wording import counted
from domain.school.rules.calendar import AcademicYear
from domain.school.states import CAME, AttendanceStatus, DayKind

MAX_LESSON: Final = 12
"""Lessons of a day are counted from 1."""

MAX_MARKED: Final = 1_000
MAX_NOTE: Final = 200

NO_SCHOOL: Final[Mapping[DayKind, str]] = {
    DayKind.HOLIDAY: "is a holiday",
    DayKind.WEEKEND: "is no day of the week for school",
    DayKind.BETWEEN_TERMS: "is between two terms",
    DayKind.OUTSIDE_YEAR: "is outside the school year",
}


class AttendanceRefused(ValueError):
    """Nobody, or this student, can be marked so."""


class NotASchoolDay(AttendanceRefused):
    """There was no school that day, and ``kind`` says why."""

    def __init__(self, day: date, kind: DayKind, title: str = "") -> None:
        self.day, self.kind = day, kind
        super().__init__(f"{day} {NO_SCHOOL[kind]}" + (f" ({title})" if title else ""))


class DayToCome(AttendanceRefused):
    """The day has not come yet."""


class NotInTheClass(AttendanceRefused):
    """These students were not in the class that day."""

    def __init__(self, student_ids: Iterable[UUID]) -> None:
        self.student_ids = tuple(student_ids)
        super().__init__(f"not in the class that day: {counted(len(self.student_ids), 'student')}")


class MarkedTwice(AttendanceRefused):
    """The same student is on a roll twice."""


class BadMark(AttendanceRefused):
    """The lesson, or what is written beside the mark, is not one that can be kept."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What is written beside a name."""

    status: AttendanceStatus
    note: str = ""

    def __post_init__(self) -> None:
        if len(self.note) > MAX_NOTE:
            raise BadMark(f"a note has at most {MAX_NOTE} characters")


@dataclass(frozen=True, slots=True)
class Marked:
    """What a roll does for one student. ``before`` is the mark that it takes the place of."""

    student_id: UUID
    before: Mark | None
    after: Mark

    @property
    def is_change(self) -> bool:
        return self.before != self.after


def require_day(day: date, today: date, year: AcademicYear) -> None:
    """Refuse a day that has not come, and one without school."""
    if day > today:
        raise DayToCome(f"{day} has not come yet")
    kind = year.kind_of(day)
    if kind is not DayKind.SCHOOL_DAY:
        holiday = year.holiday_on(day)
        raise NotASchoolDay(day, kind, "" if holiday is None else holiday.title)


def require_lesson(lesson: int | None, lessons: int) -> None:
    """A class is marked once a day (``lessons`` is 0), or in each of its lessons, and never in both ways."""
    if not 0 <= lessons <= MAX_LESSON:
        raise BadMark(f"a day has at most {MAX_LESSON} lessons")
    if lessons == 0 and lesson is not None:
        raise BadMark("this class is marked once a day")
    if lessons and (lesson is None or not 1 <= lesson <= lessons):
        raise BadMark(f"this class is marked in each of its lessons, from 1 to {lessons}")


def call_the_roll(
    on_the_roll: Sequence[UUID],
    said: Sequence[tuple[UUID, Mark]],
    known: Mapping[UUID, Mark],
    default: AttendanceStatus | None,
) -> list[Marked]:
    """What becomes of the marks of a class on a day, in the order of the roll, and only where something changes.

    ``on_the_roll`` are the students who were in the class that day. Who was said something about gets that; all others the
    ``default``, if there is one and nothing is known of them yet: a default corrects nobody.
    """
    if len(said) > MAX_MARKED:
        raise BadMark(f"at most {MAX_MARKED} students are marked at once")
    named = dict(said)
    if len(named) < len(said):
        raise MarkedTwice("a student is marked twice in one roll")
    there = set(on_the_roll)
    strangers = [student_id for student_id in named if student_id not in there]
    if strangers:
        raise NotInTheClass(strangers)
    marks = []
    for student_id in dict.fromkeys(on_the_roll):
        before = known.get(student_id)
        after = named.get(student_id) or before or (None if default is None else Mark(default))
        if after is not None and after != before:
            marks.append(Marked(student_id, before, after))
    return marks


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceCounts:
    """How many were marked as what. Who is away with permission was marked, and did not come."""

    present: int = 0
    late: int = 0
    absent: int = 0
    leave: int = 0

    @classmethod
    def of(cls, statuses: Iterable[AttendanceStatus] | Mapping[AttendanceStatus, int]) -> AttendanceCounts:
        found = Counter(statuses)
        return cls(**{status.lower(): found[status] for status in AttendanceStatus})

    def __add__(self, other: AttendanceCounts) -> AttendanceCounts:
        return AttendanceCounts(
            present=self.present + other.present,
            late=self.late + other.late,
            absent=self.absent + other.absent,
            leave=self.leave + other.leave,
        )

    def number(self, status: AttendanceStatus) -> int:
        return int(getattr(self, status.lower()))

    @property
    def marked(self) -> int:
        return sum(map(self.number, AttendanceStatus))

    @property
    def came(self) -> int:
        return sum(map(self.number, CAME))

    @property
    def attendance_rate(self) -> Decimal | None:
        """Who came, late or not, of all that were marked, in percent."""
        return percent(self.came, self.marked)

    @property
    def punctuality_rate(self) -> Decimal | None:
        """Who was there from the beginning, of those who came, in percent."""
        return percent(self.present, self.came)

    @property
    def absence_rate(self) -> Decimal | None:
        """Who was away without permission, of all that were marked, in percent."""
        return percent(self.absent, self.marked)

    def unmarked(self, on_the_roll: int) -> int:
        """How many of a roll nothing was said about. Who was marked and has left since is not missing."""
        return max(0, on_the_roll - self.marked)
