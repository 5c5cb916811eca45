"""Students enrolled, moved into other classes, and leaving."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.idempotency import once
from domain.school.service import enrolling
from schema.kit import Answer, Info, ReplayablePayload, argument, attribute, mutation, payload_type
from schema.school.enrolment.inputs import EndEnrolmentInput, EnrollStudentInput, MoveStudentInput
from schema.school.enrolment.types import Enrolment
from schema.school.fees.types import SchoolFee
from schema.school.people.types import Student
from schema.school.structures.types import RefundQuote

MANAGE = Permission.ENROLMENTS_MANAGE


@payload_type("What came of enrolling a student.")
class EnrollStudentPayload(ReplayablePayload):
    enrolment: Enrolment | None = attribute("The enrolment, or the application.")
    student: Student | None = attribute("The student.")
    fee: SchoolFee | None = attribute("The fee that was charged with it; null when none was.")


@payload_type("What came of moving a student.")
class MoveStudentPayload(ReplayablePayload):
    enrolment: Enrolment | None = attribute("The enrolment as it is now.")


@payload_type("What came of a student's leaving.")
class EndEnrolmentPayload(ReplayablePayload):
    enrolment: Enrolment | None = attribute("The enrolment as it ended.")
    refunds: list[RefundQuote] | None = attribute(
        "What would go back of each of its fees, for who reads fees; nothing has gone back yet."
    )


@strawberry.type
class Mutation:
    @mutation(
        EnrollStudentPayload,
        "Give a student a place in a class, known to the school or new to it; or write down that one is asked for. An "
        "application for the same programme and time is taken up. What is left over of an older time of the programme ends.",
        requires=MANAGE,
    )
    async def enroll_student(
        self, info: Info, input: Annotated[EnrollStudentInput, argument("Who, in which class, and for when.")]
    ) -> Answer:
        outcome = await once(input.idempotency_key, enrolling.enroll_student, info.context.actor, **input.parse())
        done = outcome.result
        return Answer(enrolment=done.enrolment, student=done.student, fee=done.fee, replayed=outcome.replayed)

    @mutation(
        MoveStudentPayload,
        "Move a student into another class of the programme. What was marked and charged in the class before stays there.",
        requires=MANAGE,
    )
    async def move_student(
        self, info: Info, input: Annotated[MoveStudentInput, argument("Whose enrolment, and where to.")]
    ) -> Answer:
        outcome = await once(input.idempotency_key, enrolling.move_student, info.context.actor, **input.parse())
        return Answer(enrolment=outcome.result, replayed=outcome.replayed)

    @mutation(
        EndEnrolmentPayload,
        "Write down that a student leaves before the end. Who comes back is enrolled anew.",
        requires=MANAGE,
    )
    async def end_enrolment(
        self, info: Info, input: Annotated[EndEnrolmentInput, argument("Whose enrolment, and why.")]
    ) -> Answer:
        outcome = await once(input.idempotency_key, enrolling.end_enrolment, info.context.actor, **input.parse())
        done = outcome.result
        return Answer(enrolment=done.enrolment, refunds=list(done.refunds), replayed=outcome.replayed)
