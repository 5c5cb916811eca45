"""Calling the roll, and correcting a mark."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.idempotency import once
from domain.school.service import marking
from schema.kit import Answer, Info, ReplayablePayload, argument, attribute, mutation, payload_type
from schema.school.attendance.inputs import CorrectAttendanceInput, RecordAttendanceInput
from schema.school.attendance.types import Attendance, AttendanceStats, Stats
from schema.school.people.types import SchoolClass

MARK = Permission.ATTENDANCE_MARK


@payload_type("What calling the roll has done.")
class RecordAttendancePayload(ReplayablePayload):
    attendance: list[Attendance] | None = attribute("The marks that are new or another one, in the order of the roll.")
    school_class: SchoolClass | None = attribute("The class.")
    stats: AttendanceStats | None = attribute("How the roll stands now.")


@payload_type("What came of correcting a mark.")
class CorrectAttendancePayload(ReplayablePayload):
    attendance: Attendance | None = attribute("The mark as it is now.")


@strawberry.type
class Mutation:
    @mutation(
        RecordAttendancePayload,
        "Call the roll of a class on a day of school that has come, all at once. Teachers do so in the classes of their "
        "assignments of that day. What is marked otherwise than before is a correction; what is the same is left as it is.",
        requires=MARK,
    )
    async def record_attendance(
        self, info: Info, input: Annotated[RecordAttendanceInput, argument("Which roll, and who was there.")]
    ) -> Answer:
        outcome = await once(input.idempotency_key, marking.record_attendance, info.context.actor, **input.parse())
        called = outcome.result
        return Answer(
            attendance=list(called.marks),
            school_class=called.school_class,
            stats=Stats(called.counts),
            replayed=outcome.replayed,
        )

    @mutation(CorrectAttendancePayload, "Put another mark in the place of one. What it was is kept.", requires=MARK)
    async def correct_attendance(
        self, info: Info, input: Annotated[CorrectAttendanceInput, argument("Which mark, and what it is to be.")]
    ) -> Answer:
        outcome = await once(input.idempotency_key, marking.correct_attendance, info.context.actor, **input.parse())
        return Answer(attendance=outcome.result, replayed=outcome.replayed)
