"""Following enrolments live. Staff hear of their campus, teachers of their own classes; families follow their wards."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.school import events as facts
from domain.school.queries.enrolments import topics_of_classes
from domain.school.states import EnrolmentStatus, PromotionOutcome
from schema.kit import ID, LiveEvent, argument, attribute, event_feed, event_type, global_id, read_optional_id
from schema.kit.fields import FieldRule
from schema.school.enrolment.types import ClassCount, Enrolment

READ = Permission.SCHOOL_READ
_COUNTS = "How many enrolments of the classes stand that it is about, after it."
_TOTAL = "How many students the school has, after it."
_ABOUT_TWO = FieldRule(size=2, shared=True)


@event_type("A student has a place in a class.")
class StudentEnrolled(LiveEvent):
    enrolment: Enrolment = attribute("The enrolment as it was then.")
    student: str = attribute("What the student was called.")
    status_before: EnrolmentStatus | None = attribute("APPLIED of who had asked for the place.", name="previousStatus")
    class_counts: list[ClassCount] = attribute(_COUNTS, rule=_ABOUT_TWO)
    students_total: int = attribute(_TOTAL)


@event_type("Somebody asked for a place, is in another class, or an enrolment is over.")
class EnrolmentUpdated(LiveEvent):
    enrolment: Enrolment = attribute("The enrolment as it was then.")
    student: str = attribute("What the student was called.")
    status_before: EnrolmentStatus | None = attribute("Where it stood before.", name="previousStatus")
    class_before: ID | None = global_id("SchoolClass", "The class before.", name="previousClassId")
    class_counts: list[ClassCount] = attribute(_COUNTS, rule=_ABOUT_TWO)
    students_total: int = attribute(_TOTAL)


@event_type("A class moved on, and this is what became of one of its students.")
class StudentPromoted(LiveEvent):
    enrolment: Enrolment = attribute("The enrolment that ended by it.")
    next_enrolment: Enrolment | None = attribute("The one for the coming time; null for who graduated.")
    student: str = attribute("What the student was called.")
    run_id: ID = global_id("SchoolRun", "The promotion.")
    run_number: str = attribute("The number of the promotion.")
    outcome: PromotionOutcome = attribute("What became of the student.")
    from_class_id: ID = global_id("SchoolClass", "The class that moved on.")
    to_class_id: ID | None = global_id("SchoolClass", "The class of the coming time; null for who graduated.")
    class_counts: list[ClassCount] = attribute(_COUNTS, rule=_ABOUT_TWO)
    students_total: int = attribute(_TOTAL)


async def _topics(actor: Actor, class_id: str | None, student_id: str | None = None) -> list[str]:
    return await topics_of_classes(
        actor,
        read_optional_id("SchoolClass", class_id, "classId"),
        student_id=read_optional_id("Student", student_id, "studentId"),
    )


@strawberry.type
class Subscription:
    @event_feed(
        "Students as they get a place: in one class, or in all that the viewer may see.",
        requires=READ,
        shows={facts.StudentEnrolled: StudentEnrolled},
    )
    async def student_enrolled(
        actor: Actor, class_id: Annotated[ID | None, argument("Only in this class.")] = None
    ) -> list[str]:
        return await _topics(actor, class_id)

    @event_feed(
        "Enrolments as they come about, change and end: of one class, of one student, or all that the viewer may see.",
        requires=READ,
        shows={
            facts.StudentEnrolled: StudentEnrolled,
            facts.EnrolmentChanged: EnrolmentUpdated,
            facts.StudentPromoted: StudentPromoted,
        },
    )
    async def enrolment_updated(
        actor: Actor,
        class_id: Annotated[ID | None, argument("Only in this class.")] = None,
        student_id: Annotated[ID | None, argument("Only of this student.")] = None,
    ) -> list[str]:
        return await _topics(actor, class_id, student_id)

    @event_feed(
        "Students as they move on with their class, into it or out of it.",
        requires=READ,
        shows={facts.StudentPromoted: StudentPromoted},
    )
    async def student_promoted(
        actor: Actor, class_id: Annotated[ID | None, argument("Only out of this class, or into it.")] = None
    ) -> list[str]:
        return await _topics(actor, class_id)
