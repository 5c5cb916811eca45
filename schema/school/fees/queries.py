"""Reading fees, receipts and statements: staff those of their campus, guardians those of their wards."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.errors import InvalidInput
from domain.kit.paging import Page, PageRequest
from domain.school import models
from domain.school.queries import families
from domain.school.queries import fees as queries
from schema.kit import ID, CurrencyCode, Info, argument, listing, query, read_id
from schema.school.fees.inputs import SchoolFeeFilter
from schema.school.fees.types import FeeReceipt, SchoolFee, StudentStatement, Ward


@strawberry.type
class Query:
    @query(
        SchoolFee | None,
        "One fee, by its id or its number, for staff who read fees and for the student's guardians; null when there is "
        "none, or none for you.",
        requires=Permission.SIGNED_IN,
    )
    async def school_fee(
        self,
        info: Info,
        id: Annotated[ID | None, argument("Its id.")] = None,
        number: Annotated[str | None, argument("Or its number, such as `FEE-42`.")] = None,
    ) -> object:
        if (id is None) == (number is None):
            raise InvalidInput("name an id or a number", field=("id",))
        if id is not None:
            return await info.context.load(queries.fees_by_id, read_id("SchoolFee", id, "id"))
        assert number is not None, "one of the two is there"
        return await queries.fee_of_number(info.context.actor, number)

    @listing(
        SchoolFee,
        "The fees of the viewer's campus and of their wards, for staff who read fees, the newest first.",
        requires=Permission.FEES_READ,
    )
    async def school_fees(
        self,
        info: Info,
        page: PageRequest,
        filter: Annotated[SchoolFeeFilter | None, argument("Only some of them.")] = None,
    ) -> Page[models.SchoolFee]:
        return await queries.fees(info.context.actor, page, filter.parse() if filter else None)

    @query(
        FeeReceipt | None,
        "A receipt by its number, as it was given, for staff who read fees and for the student's guardians; null when there "
        "is none, or none for you.",
        requires=Permission.SIGNED_IN,
    )
    async def receipt(
        self, info: Info, number: Annotated[str, argument("Its number, such as `RCT-2026-000042`.")]
    ) -> object:
        return await queries.receipt(info.context.actor, number)

    @query(
        list[Ward],
        "The students whom the viewer answers for, by name, with their fees and what is owed.",
        requires=Permission.WARDS_READ,
        size=4,
    )
    async def my_wards(self, info: Info) -> object:
        return await families.my_wards(info.context.actor)

    @query(
        StudentStatement,
        "What a student was charged and paid over a time, with what was owed before it and after, for staff who read fees "
        "and for guardians.",
        requires=Permission.SIGNED_IN,
        cost=10,
    )
    async def student_statement(
        self,
        info: Info,
        student_id: Annotated[ID, argument("The student.")],
        since: Annotated[date | None, argument("The first day; the first of January when left out.", name="from")] = None,
        until: Annotated[date | None, argument("The last day; today when left out.", name="to")] = None,
        currency: Annotated[CurrencyCode | None, argument("The currency; the school's when left out.")] = None,
    ) -> object:
        return await families.student_statement(
            info.context.actor,
            student_id=read_id("Student", student_id, "studentId"),
            since=since,
            until=until,
            currency=currency,
        )
