"""Following the school's records and the assignments of teachers live. Staff of a campus hear of it alone, and teachers of
their own classes."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.school import access
from domain.school import events as facts
from domain.school.events import SCHOOL, class_topic
from schema.kit import ID, argument, event_feed, read_id
from schema.school.people import events as faces

READ = Permission.SCHOOL_READ

OneClass = Annotated[ID | None, argument("Only this class, which the viewer sees.")]


async def of_a_class(actor: Actor, class_id: str | None) -> list[str]:
    """The topics of what happens in one class, or wherever the viewer may hear of it."""
    if class_id is None:
        return [SCHOOL]
    found = await access.class_of(actor, read_id("SchoolClass", class_id, "classId"), field=("classId",), closed=True)
    return [class_topic(found.id)]


@strawberry.type
class Subscription:
    @event_feed(
        "Teachers as they are assigned to classes and relieved of them, with how many there are after it.",
        requires=READ,
        shows={
            facts.TeacherAssigned: faces.TeacherAssigned,
            facts.TeacherAssignmentEnded: faces.TeacherAssignmentEnded,
        },
    )
    async def teacher_assigned(actor: Actor, class_id: OneClass = None) -> list[str]:
        return await of_a_class(actor, class_id)

    @event_feed(
        "The records of the school as they change: the calendar, classes, students and teachers.",
        requires=READ,
        shows={
            facts.CalendarChanged: faces.AcademicYearChanged,
            facts.ClassChanged: faces.SchoolClassChanged,
            facts.StudentChanged: faces.StudentChanged,
            facts.TeacherChanged: faces.TeacherChanged,
        },
    )
    async def school_records_changed(actor: Actor) -> list[str]:
        return [SCHOOL]
