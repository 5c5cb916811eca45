"""Reading the roll: marks, what they were before, and how a class stands on a day.

Staff and the teachers of a class see its marks with the notes; guardians see the marks of their wards without them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from tortoise.expressions import Q

from domain.identity.actor import Actor
from domain.kit.database import fetch, fetchval
from domain.kit.errors import InvalidInput
from domain.kit.paging import Page, PageRequest, page_of
from domain.kit.reading import rows_by_id, rows_of
from domain.school import access
from domain.school.models import Attendance, AttendanceCorrection
from domain.school.rules.attendance import MAX_LESSON, AttendanceCounts
from domain.school.states import AttendanceStatus
from domain.school.words import require_forward

# Marks of a class ($1) on a day ($2), of one lesson ($3), or of all where none is said and $4 is true.
COUNTS: Final = """
select status, count(*) as number from attendance
where class_id = $1 and on_date = $2 and ($4 or lesson is not distinct from $3::smallint) group by status
"""
ON_ROLL: Final = """
select count(distinct student_id) from enrolment_stay where class_id = $1 and $2 between from_on and until_on
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RollCounts:
    """How a class stands on a day: how many are marked as what, and how many are in it."""

    class_id: UUID
    on_date: date
    lesson: int | None
    counts: AttendanceCounts
    on_roll: int

    @property
    def unmarked(self) -> int:
        return self.counts.unmarked(self.on_roll)


@dataclass(frozen=True, kw_only=True)
class AttendanceFilter:
    """Which marks; what is not said does not narrow. Both days are included."""

    class_id: UUID | None = None
    student_id: UUID | None = None
    since: date | None = None
    until: date | None = None
    lesson: int | None = None
    statuses: Sequence[AttendanceStatus] = ()

    def __post_init__(self) -> None:
        _require_lesson(self.lesson, "filter", "lesson")
        require_forward(self.since, self.until, "filter", "to")

    @property
    def condition(self) -> Q:
        columns: dict[str, Any] = {
            "class_id": self.class_id,
            "student_id": self.student_id,
            "on_date__gte": self.since,
            "on_date__lte": self.until,
            "lesson": self.lesson,
        }
        found = Q(**{column: value for column, value in columns.items() if value is not None})
        return found & Q(status__in=list(self.statuses)) if self.statuses else found


def _require_lesson(lesson: int | None, *path: str) -> None:
    if lesson is not None and not 1 <= lesson <= MAX_LESSON:
        raise InvalidInput(f"a day has the lessons from 1 to {MAX_LESSON}", field=path)


async def attendance(actor: Actor, page: PageRequest, wanted: AttendanceFilter | None = None) -> Page[Attendance]:
    """Marks that the actor may see, the latest day first."""
    found = access.visible_attendance(actor).filter((wanted or AttendanceFilter()).condition)
    return await page_of(found, page, "-on_date", "-id")


async def attendance_stats(actor: Actor, *, class_id: UUID, on: date, lesson: int | None = None) -> RollCounts:
    """How a class that the actor sees stands on a day: in a lesson, or in all of the day together."""
    _require_lesson(lesson, "lesson")
    await access.class_of(actor, class_id, field=("classId",), closed=True)
    return await counts_of_roll(class_id, on, lesson, whole_day=lesson is None)


async def counts_of_roll(class_id: UUID, on: date, lesson: int | None, *, whole_day: bool = False) -> RollCounts:
    rows = await fetch(COUNTS, class_id, on, lesson, whole_day)
    return RollCounts(
        class_id=class_id,
        on_date=on,
        lesson=lesson,
        counts=AttendanceCounts.of({AttendanceStatus(row["status"]): row["number"] for row in rows}),
        on_roll=await fetchval(ON_ROLL, class_id, on),
    )


attendance_by_id = rows_by_id(Attendance, access.seen_marks)


def _for_staff(actor: Actor) -> Q | None:
    return Q() if access.READ in actor.staff_permissions else None


corrections_of = rows_of(AttendanceCorrection, "attendance_id", _for_staff, order=("corrected_at", "id"))
"""What marks that the caller has seen were before, the oldest first; for staff alone."""
