"""Marks on the roll, and how a class stands on a day, as clients see them. Families see no note and no correction."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.identity.queries import people
from domain.school import models
from domain.school.access import READ
from domain.school.queries import attendance as queries
from domain.school.queries.calendar import classes_by_id
from domain.school.queries.people import students_by_id
from domain.school.states import AttendanceStatus
from schema.identity.types import User
from schema.kit import ID, Info, Node, Parent, attribute, field, global_id, node_type, object_type, relation, relations
from schema.school import enums  # noqa: F401  describes the enums that are used here
from schema.school.people.types import SchoolClass, Student


@object_type("What a mark was before it became another one.")
class AttendanceCorrection:
    before_status: AttendanceStatus = attribute("The mark before.", name="before")
    after_status: AttendanceStatus = attribute("The mark after.", name="after")
    before_note: str = attribute("The note before.")
    after_note: str = attribute("The note after.")
    reason: str = attribute("Why; empty when nobody said.")
    corrected_by_id: ID = global_id("User", "Who did it.")
    corrected_at: datetime = attribute("When.")

    corrected_by: User | None = relation(people, "corrected_by_id", "Who did it.")


@node_type(
    models.Attendance,
    queries.attendance_by_id,
    "The mark of a student on a day, or in a lesson of it. It can be corrected, and not removed.",
)
class Attendance(Node):
    student_id: ID = global_id("Student", "The student.")
    class_id: ID = global_id("SchoolClass", "The class that the student was in.")
    on_date: date = attribute("The day.", name="on")
    lesson: int | None = attribute("The lesson, from 1; null where the roll is called once a day.")
    status: AttendanceStatus = attribute("The mark.")
    marked_at: datetime = attribute("When it was first written down.")
    updated_at: datetime = attribute("When it last changed.")
    version: int = attribute("How often it has changed, from 1.")

    student: Student | None = relation(students_by_id, "student_id", "The student.")
    school_class: SchoolClass | None = relation(classes_by_id, "class_id", "The class that the student was in.")

    @field(str | None, "What was written beside it; null for families.")
    def note(self, row: Parent[models.Attendance], info: Info) -> str | None:
        return row.note if READ in info.context.actor.staff_permissions else None

    @field(User | None, "Who wrote it down first; null for families.")
    async def marked_by(self, row: Parent[models.Attendance], info: Info) -> object:
        if READ not in info.context.actor.staff_permissions:
            return None
        return await info.context.load(people, row.marked_by_id)

    corrections: list[AttendanceCorrection] = relations(
        queries.corrections_of, "id", "What it was before, the oldest first; nothing for families.", size=1
    )


class Stats:
    """The row behind :class:`AttendanceStats`: the counts of a roll, or those that an event tells."""

    def __init__(self, roll: queries.RollCounts) -> None:
        self.class_id: UUID = roll.class_id
        self.on_date: date = roll.on_date
        self.lesson: int | None = roll.lesson
        self.on_roll: int = roll.on_roll
        self.unmarked: int = roll.unmarked
        self._counts = roll.counts

    def __getattr__(self, name: str) -> Any:
        return getattr(self._counts, name)


@object_type("How a class stands on a day: in one lesson, or in all of the day together.")
class AttendanceStats:
    class_id: ID = global_id("SchoolClass", "The class.")
    on_date: date = attribute("The day.", name="date")
    lesson: int | None = attribute("The lesson; null for the day.")
    present: int = attribute("Who was there from the beginning.")
    late: int = attribute("Who came later.")
    absent: int = attribute("Who was away without permission.")
    leave: int = attribute("Who was away with permission.")
    marked: int = attribute("How many marks there are.")
    on_roll: int = attribute("How many students were in the class that day.")
    unmarked: int = attribute("Of how many nothing was said; of a day with lessons, how many marks are missing from one.")
    attendance_rate: Decimal | None = attribute(
        "Who came, late or not, of all that were marked, in percent with 2 decimals, half-even; null when nobody was."
    )
    punctuality_rate: Decimal | None = attribute("Who was there from the beginning, of those who came; in the same way.")
    absence_rate: Decimal | None = attribute("Who was away without permission, of all that were marked; in the same way.")
