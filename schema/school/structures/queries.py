"""Reading what fees are made of, and looking at what would be charged or given back."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.paging import Page, PageRequest
from domain.school import models, quotes
from domain.school.queries import terms as queries
from domain.school.states import PlanKind
from schema.kit import ID, Info, argument, listing, query, read_id, read_optional_id
from schema.school.structures.act_inputs import LessonsInput, MissedInput
from schema.school.structures.inputs import FeeStructureFilter
from schema.school.structures.types import (
    FeeCategory,
    FeeQuote,
    FeeStructure,
    LessonSettlement,
    RefundQuote,
    StudentDiscount,
)

READ = Permission.FEES_READ

Active = Annotated[bool | None, argument("Those that hold, or those that do not; null for all.")]


@strawberry.type
class Query:
    @listing(FeeCategory, "What fees are made of, by their codes.", requires=READ)
    async def fee_categories(self, info: Info, page: PageRequest, active: Active = True) -> Page[models.FeeCategory]:
        return await queries.categories(info.context.actor, page, active=active)

    @listing(FeeStructure, "The fee structures that the viewer may see, the newest first.", requires=READ)
    async def fee_structures(
        self,
        info: Info,
        page: PageRequest,
        filter: Annotated[FeeStructureFilter | None, argument("Only some of them.")] = None,
    ) -> Page[models.FeeStructure]:
        return await queries.structures(info.context.actor, page, filter.parse() if filter else None)

    @query(FeeStructure | None, "One fee structure; null when there is none, or none for you.", requires=READ)
    async def fee_structure(self, info: Info, id: Annotated[ID, argument("Its id.")]) -> object:
        return await info.context.load(queries.structures_by_id, read_id("FeeStructure", id, "id"))

    @listing(StudentDiscount, "What a student pays less, the newest first.", requires=READ)
    async def student_discounts(
        self, info: Info, page: PageRequest, student_id: Annotated[ID, argument("The student.")], active: Active = True
    ) -> Page[models.StudentDiscount]:
        found = read_id("Student", student_id, "studentId")
        return await queries.discounts_of_student(info.context.actor, page, student_id=found, active=active)

    @query(
        FeeQuote,
        "What a student who joins on a day would be charged by a structure, with the student's discounts; nothing is "
        "written.",
        requires=READ,
        cost=5,
    )
    async def fee_quote(
        self,
        info: Info,
        structure_id: Annotated[ID, argument("The structure.")],
        student_id: Annotated[ID | None, argument("The student; anybody, who has no discounts, when left out.")] = None,
        joined_on: Annotated[date | None, argument("The first day; the first of the period when left out.")] = None,
        missed: Annotated[MissedInput | None, argument("What was missed, where the calendar does not say it.")] = None,
        schedule_id: Annotated[ID | None, argument("One of its schedules; all of it when left out.")] = None,
        plan_kind: Annotated[PlanKind | None, argument("One of its plans; the usual one when left out.")] = None,
    ) -> object:
        return await quotes.fee_quote(
            info.context.actor,
            structure_id=read_id("FeeStructure", structure_id, "structureId"),
            student_id=read_optional_id("Student", student_id, "studentId"),
            schedule_id=read_optional_id("FeeSchedule", schedule_id, "scheduleId"),
            joined_on=joined_on,
            gone=None if missed is None else missed.parse("missed"),
            plan=plan_kind,
        )

    @query(
        RefundQuote,
        "What becomes of a fee by the ladder of its structure when the student leaves on a day; nothing is written.",
        requires=READ,
        cost=5,
    )
    async def refund_quote(
        self,
        info: Info,
        fee_id: Annotated[ID, argument("The fee.")],
        left_on: Annotated[date, argument("The last day.")],
    ) -> object:
        found = read_id("SchoolFee", fee_id, "feeId")
        return await quotes.refund_quote(info.context.actor, fee_id=found, left_on=left_on)

    @query(
        LessonSettlement,
        "What missed lessons are worth against months that were not charged; nothing is written.",
        requires=READ,
    )
    async def lesson_settlement(
        self, info: Info, lessons: Annotated[LessonsInput, argument("The lessons and the months.")]
    ) -> object:
        return quotes.lesson_settlement(info.context.actor, **lessons.figures("lessons"), path=("lessons",))
