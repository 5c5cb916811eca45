"""Following the roll live. Families are told of their own wards by `wardUpdated`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated

import strawberry

from domain.events.event import Event
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.school import events as facts
from domain.school.queries.enrolments import topics_of_classes
from domain.school.states import AttendanceStatus
from schema.kit import ID, LiveEvent, argument, attribute, event_feed, event_type, global_id, object_type, read_optional_id
from schema.kit.fields import FieldRule

_CLASS = "The class."
_ON = "The day."
_LESSON = "The lesson; null where the roll is called once a day."
_COUNTS = "How the roll stood then."
_BY = "Who did it."


@object_type("How many of a class are marked as what.")
class RollCounts:
    present: int = attribute("Who was there from the beginning.")
    late: int = attribute("Who came later.")
    absent: int = attribute("Who was away without permission.")
    leave: int = attribute("Who was away with permission.")
    on_roll: int = attribute("How many students were in the class that day.")


@object_type("What became of one student's mark.")
class RollMark:
    attendance_id: ID = global_id("Attendance", "The mark.")
    student_id: ID = global_id("Student", "The student.")
    student: str = attribute("What the student was called.")
    before: AttendanceStatus | None = attribute("The mark before; null when there was none.")
    after: AttendanceStatus = attribute("The mark.")


@event_type("The roll of a class was called.")
class AttendanceRecorded(LiveEvent):
    class_id: ID = global_id("SchoolClass", _CLASS)
    class_title: str = attribute("What the class was called.")
    on_date: date = attribute(_ON, name="on")
    lesson: int | None = attribute(_LESSON)
    counts: RollCounts = attribute(_COUNTS)
    marks: list[RollMark] = attribute("The marks that are new or another one.", rule=FieldRule(size=40, shared=True))
    marked_by_id: ID = global_id("User", _BY)


@event_type("A mark was corrected.")
class AttendanceCorrected(LiveEvent):
    class_id: ID = global_id("SchoolClass", _CLASS)
    class_title: str = attribute("What the class was called.")
    on_date: date = attribute(_ON, name="on")
    lesson: int | None = attribute(_LESSON)
    counts: RollCounts = attribute(_COUNTS)
    mark: RollMark = attribute("The mark.")
    reason: str = attribute("Why; empty when nobody said.", name="why")
    revision: int = attribute("The version of the mark after it.", name="version")
    marked_by_id: ID = global_id("User", _BY)


ROLL: Mapping[type[Event], type] = {
    facts.AttendanceRecorded: AttendanceRecorded,
    facts.AttendanceCorrected: AttendanceCorrected,
}


@strawberry.type
class Subscription:
    @event_feed(
        "Rolls as they are called and corrected: of one class, or of all that the viewer may see.",
        requires=Permission.SCHOOL_READ,
        shows=ROLL,
    )
    async def attendance_recorded(
        actor: Actor, class_id: Annotated[ID | None, argument("Only of this class.")] = None
    ) -> list[str]:
        return await topics_of_classes(actor, read_optional_id("SchoolClass", class_id, "classId"))
