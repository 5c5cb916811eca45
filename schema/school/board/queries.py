"""Reading the school at a glance, its statistics, and who owes very much."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

import strawberry

from domain.identity.permissions import Permission
from domain.kit.money import decimals_of
from domain.kit.paging import Page, PageRequest
from domain.school import models, settings
from domain.school.queries import alerts, board, statistics
from schema.kit import ID, CurrencyCode, Info, Money, argument, listing, query, read_id
from schema.school.board.types import (
    ArrearsAlert,
    EnrollmentStats,
    FeeStats,
    FinancialStats,
    SchoolDashboard,
    StatisticsCacheEntry,
    TeacherStats,
)

BOARD_COST = 10

InCurrency = Annotated[
    CurrencyCode | None, argument("The currency of the amounts; the school's own unless another is said.")
]
OfCampus = Annotated[
    ID | None, argument("Only this campus; otherwise the viewer's own, or the whole school for those who see all of it.")
]
OfClass = Annotated[ID | None, argument("Only this class.")]
FromMonth = Annotated[date | None, argument("A day of the first month.", name="from")]
ToMonth = Annotated[date | None, argument("A day of the last month.", name="to")]


@strawberry.type
class Query:
    @query(
        SchoolDashboard,
        "The school at a glance: students, teachers, fees collected and outstanding, income and expenses.",
        requires=Permission.SCHOOL_READ,
        cost=BOARD_COST,
    )
    async def school_dashboard(self, info: Info, currency: InCurrency = None, branch_id: OfCampus = None) -> object:
        return await board.school_dashboard(info.context.actor, in_currency(currency), read_campus(branch_id))

    @query(
        FinancialStats,
        "Income and expenses of whole months, altogether and one by one, as they are in the books.",
        requires=Permission.FEES_READ,
        cost=BOARD_COST,
    )
    async def financial_stats(
        self,
        info: Info,
        currency: InCurrency = None,
        since: FromMonth = None,
        until: ToMonth = None,
        branch_id: OfCampus = None,
    ) -> object:
        return await board.financial_stats(
            info.context.actor, in_currency(currency), since=since, until=until, branch_id=read_campus(branch_id)
        )

    @query(
        FeeStats,
        "What fees ask for, what was collected, and what is outstanding, altogether and by month.",
        requires=Permission.FEES_READ,
        cost=BOARD_COST,
    )
    async def fee_stats(
        self,
        info: Info,
        currency: InCurrency = None,
        since: FromMonth = None,
        until: ToMonth = None,
        branch_id: OfCampus = None,
    ) -> object:
        return await board.fee_stats(
            info.context.actor, in_currency(currency), since=since, until=until, branch_id=read_campus(branch_id)
        )

    @query(
        EnrollmentStats,
        "How many students are enrolled, altogether and in each class.",
        requires=Permission.SCHOOL_READ,
        cost=BOARD_COST,
    )
    async def enrollment_stats(self, info: Info, class_id: OfClass = None, branch_id: OfCampus = None) -> object:
        return await board.enrolment_stats(info.context.actor, _read_class(class_id), read_campus(branch_id))

    @query(
        TeacherStats,
        "How many teachers there are, altogether and in each class.",
        requires=Permission.SCHOOL_READ,
        cost=BOARD_COST,
    )
    async def teacher_stats(self, info: Info, class_id: OfClass = None, branch_id: OfCampus = None) -> object:
        return await board.teacher_stats(info.context.actor, _read_class(class_id), read_campus(branch_id))

    @query(
        list[StatisticsCacheEntry],
        "Figures that the school keeps, by their names and in their order, or the totals of all that the viewer may see, "
        "with the attendance of today. They are kept as rows change, and are therefore those of this moment. Amounts are "
        "for those with FEES_READ.",
        requires=Permission.SCHOOL_READ,
        cost=BOARD_COST,
        size=20,
    )
    async def statistics_cache(
        self,
        info: Info,
        names: Annotated[
            list[str] | None,
            argument(
                f"At most {statistics.MAX_NAMES}. What a name does not say is added up over: `attendance_late:2026-03-10` "
                "is of all classes, `fees_collected` of all months, in the currency of the school. Attendance is of a day."
            ),
        ] = None,
    ) -> object:
        return await statistics.statistics(info.context.actor, in_currency(None), names)

    @listing(
        ArrearsAlert,
        "Alerts about high arrears, the latest first: those that stand, unless others are asked for.",
        requires=Permission.FEES_READ,
    )
    async def arrears_alerts(
        self,
        info: Info,
        page: PageRequest,
        standing: Annotated[
            bool | None, argument("Whether those that stand or those that were cleared; null for both.", name="open")
        ] = True,
        currency: Annotated[CurrencyCode | None, argument("Only about fees in this currency.")] = None,
    ) -> Page[models.ArrearsAlert]:
        return await alerts.arrears_alerts(info.context.actor, page, standing=standing, currency=currency)

    @query(Money, "Above how much arrears of a fee are high. Exactly as much is not.", requires=Permission.FEES_READ)
    async def arrears_threshold(self, info: Info, currency: InCurrency = None) -> object:
        return await alerts.arrears_threshold(info.context.actor, in_currency(currency))


def in_currency(currency: str | None) -> str:
    """The currency asked for, or the school's own."""
    if currency is None:
        return settings.current().currency
    decimals_of(currency)
    return currency


def read_campus(branch_id: str | None) -> UUID | None:
    return None if branch_id is None else read_id("Branch", branch_id, "branchId")


def _read_class(class_id: str | None) -> UUID | None:
    return None if class_id is None else read_id("SchoolClass", class_id, "classId")
