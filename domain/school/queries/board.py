"""The school at a glance: how many learn and teach here, what is charged, collected and owed, what came in and was spent.

All of it comes out of sums that the database keeps (:mod:`domain.school.figures`), so it is right at every commit and costs
the same however many students there are. Somebody of a branch sees the figures of that branch, whoever sees every branch
those of the school, or of the branch that they ask for. Money is for those who read fees.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from domain.identity.actor import NO_BRANCH, Actor
from domain.identity.errors import BranchNotFound
from domain.identity.models import Branch
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.money import Money
from domain.kit.reading import read
from domain.school import figures
from domain.school.access import reads_all_classes, visible_classes
from domain.school.errors import CampusMissing, SchoolClassNotFound
from domain.school.figures import BOOKS, FEES
from domain.school.models import SchoolClass
from domain.school.rules.statistics import Metric, Sums, by_class, by_month, month_of, total
from domain.school.words import require_forward

SHOWN: Final = (
    Metric.STUDENTS,
    Metric.TEACHERS,
    Metric.FEES_COLLECTED,
    Metric.FEES_OUTSTANDING,
    Metric.INCOME,
    Metric.EXPENSES,
)
"""On the dashboard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolDashboard:
    """Money is None for those who do not read fees."""

    branch_id: UUID | None
    currency: str
    total_students: int
    total_teachers: int
    fees_collected: Money | None
    fees_outstanding: Money | None
    total_income: Money | None
    total_expenses: Money | None
    calculated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthOfBooks:
    month: date
    income: Money
    expenses: Money

    @property
    def net(self) -> Money:
        return self.income - self.expenses


@dataclass(frozen=True, slots=True, kw_only=True)
class FinancialStats:
    """Income and expenses as they are in the books: a reversal counts in the month in which it is effective."""

    branch_id: UUID | None
    currency: str
    total_income: Money
    total_expenses: Money
    monthly: Sequence[MonthOfBooks]
    calculated_at: datetime

    @property
    def net(self) -> Money:
        return self.total_income - self.total_expenses


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthOfFees:
    """Charged, outstanding and credit of what is due in the month; collected in the month, whenever it was due."""

    month: date
    charged: Money
    collected: Money
    outstanding: Money
    credit: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeStats:
    branch_id: UUID | None
    currency: str
    total_charged: Money
    total_collected: Money
    total_outstanding: Money
    total_credit: Money
    monthly: Sequence[MonthOfFees]
    calculated_at: datetime


@dataclass(frozen=True, slots=True)
class OfClass:
    """How many there are in a class."""

    school_class: SchoolClass
    count: int

    @property
    def class_id(self) -> UUID:
        return self.school_class.id


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleStats:
    """``total`` is of people, each once, while a student of two programmes, or a teacher of two classes, is in two classes.
    Who sees but some classes has the sum of these."""

    branch_id: UUID | None
    total: int
    by_class: Sequence[OfClass]
    calculated_at: datetime


async def school_dashboard(actor: Actor, currency: str, branch_id: UUID | None = None) -> SchoolDashboard:
    scope = await seen_branch(actor, Permission.SCHOOL_READ, branch_id)
    sums = await figures.totals_of(SHOWN, branch_id=scope)
    reads_fees = actor.may(Permission.FEES_READ)

    def money(metric: Metric) -> Money | None:
        return _money(sums, metric, currency) if reads_fees else None

    return SchoolDashboard(
        branch_id=scope,
        currency=currency,
        total_students=total(sums, Metric.STUDENTS),
        total_teachers=total(sums, Metric.TEACHERS),
        fees_collected=money(Metric.FEES_COLLECTED),
        fees_outstanding=money(Metric.FEES_OUTSTANDING),
        total_income=money(Metric.INCOME),
        total_expenses=money(Metric.EXPENSES),
        calculated_at=clock.now(),
    )


async def financial_stats(
    actor: Actor,
    currency: str,
    *,
    since: date | None = None,
    until: date | None = None,
    branch_id: UUID | None = None,
) -> FinancialStats:
    """Of whole months: those of the two days, and all between them."""
    scope = await seen_branch(actor, Permission.FEES_READ, branch_id)
    first = _first_month(since, until)
    sums = await figures.sums_of(BOOKS, currency=currency, since=first, until=until, branch_id=scope)
    of = {metric: by_month(sums, metric, currency) for metric in BOOKS}
    nothing = Money.zero(currency)
    return FinancialStats(
        branch_id=scope,
        currency=currency,
        total_income=_money(sums, Metric.INCOME, currency),
        total_expenses=_money(sums, Metric.EXPENSES, currency),
        monthly=[
            MonthOfBooks(
                month=month,
                income=of[Metric.INCOME].get(month, nothing),
                expenses=of[Metric.EXPENSES].get(month, nothing),
            )
            for month in _months(sums)
        ],
        calculated_at=clock.now(),
    )


async def fee_stats(
    actor: Actor,
    currency: str,
    *,
    since: date | None = None,
    until: date | None = None,
    branch_id: UUID | None = None,
) -> FeeStats:
    """Of whole months: those of the two days, and all between them."""
    scope = await seen_branch(actor, Permission.FEES_READ, branch_id)
    first = _first_month(since, until)
    sums = await figures.sums_of(FEES, currency=currency, since=first, until=until, branch_id=scope)
    of = {metric: by_month(sums, metric, currency) for metric in FEES}
    nothing = Money.zero(currency)
    return FeeStats(
        branch_id=scope,
        currency=currency,
        total_charged=_money(sums, Metric.FEES_CHARGED, currency),
        total_collected=_money(sums, Metric.FEES_COLLECTED, currency),
        total_outstanding=_money(sums, Metric.FEES_OUTSTANDING, currency),
        total_credit=_money(sums, Metric.FEES_CREDIT, currency),
        monthly=[
            MonthOfFees(
                month=month,
                charged=of[Metric.FEES_CHARGED].get(month, nothing),
                collected=of[Metric.FEES_COLLECTED].get(month, nothing),
                outstanding=of[Metric.FEES_OUTSTANDING].get(month, nothing),
                credit=of[Metric.FEES_CREDIT].get(month, nothing),
            )
            for month in _months(sums)
        ],
        calculated_at=clock.now(),
    )


async def enrolment_stats(actor: Actor, class_id: UUID | None = None, branch_id: UUID | None = None) -> PeopleStats:
    """Students who are enrolled, and how many in each class; with a class, of that one alone."""
    return await _people(actor, Metric.STUDENTS, Metric.CLASS_STUDENTS, class_id, branch_id)


async def teacher_stats(actor: Actor, class_id: UUID | None = None, branch_id: UUID | None = None) -> PeopleStats:
    """Teachers who are active, and how many assignments each class has; with a class, of that one alone."""
    return await _people(actor, Metric.TEACHERS, Metric.CLASS_TEACHERS, class_id, branch_id)


async def _people(
    actor: Actor, everybody: Metric, in_class: Metric, class_id: UUID | None, branch_id: UUID | None
) -> PeopleStats:
    scope = await seen_branch(actor, Permission.SCHOOL_READ, branch_id)
    classes = await _classes(actor, class_id, branch_id)
    sums = await figures.sums_of((everybody, in_class), class_id=class_id, branch_id=scope)
    counts = by_class(sums, in_class)
    shown = [OfClass(each, counts.get(each.id, 0)) for each in classes if each.active or counts.get(each.id)]
    whole = class_id is None and reads_all_classes(actor)
    return PeopleStats(
        branch_id=scope,
        total=total(sums, everybody) if whole else sum(each.count for each in shown),
        by_class=shown,
        calculated_at=clock.now(),
    )


async def _classes(actor: Actor, class_id: UUID | None, branch_id: UUID | None) -> list[SchoolClass]:
    """Those that the actor sees, or the one asked for, in the order of the school."""
    seen = visible_classes(actor)
    if branch_id is not None:
        seen = seen.filter(branch_id=branch_id)
    if class_id is not None:
        seen = seen.filter(id=class_id)
    found = await read(seen.order_by("level", "code", "id"))
    if class_id is not None and not found:
        raise SchoolClassNotFound(field=("classId",))
    return found


def _first_month(since: date | None, until: date | None) -> date | None:
    require_forward(since, until, "from")
    return since and month_of(since)


def _money(sums: Sums, metric: Metric, currency: str) -> Money:
    return Money(total(sums, metric, currency), currency)


def _months(sums: Sums) -> list[date]:
    """In which there is anything, the earliest first."""
    return sorted({key.on for key in sums if key.on is not None})


async def seen_branch(actor: Actor, permission: Permission, branch_id: UUID | None) -> UUID | None:
    """The branch whose figures the actor sees: their own, the one asked for, or None for the whole school.

    Who sees no branch is refused with CAMPUS_MISSING: figures of nothing look like those of a school without students.
    """
    actor.require(permission)
    if branch_id is None:
        if actor.branch_scope == NO_BRANCH:
            raise CampusMissing
        return actor.branch_scope
    if not actor.sees_branch(branch_id) or not await Branch.exists(id=branch_id):
        raise BranchNotFound("there is no such branch", field=("branchId",))
    return branch_id
