"""How the reports of the school read: rows as they come, in one snapshot."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import date
from typing import Any, Final
from uuid import UUID

from domain.kit.database import Record, connection
from domain.kit.money import decimals_of
from domain.reports.parameters import CurrencyCode, Parameters, Period
from domain.reports.registry import Expecting
from domain.reports.sheets import ColumnKind, Row
from domain.school import settings

PREFETCH: Final = 1_000

MONEY, NUMBER, DATE, PERCENT = ColumnKind.MONEY, ColumnKind.NUMBER, ColumnKind.DATE, ColumnKind.PERCENT


class OfClasses(Parameters):
    """How things stand on a day, today unless said otherwise, in the classes that one sees or in one of them."""

    as_of: date | None = None
    branch_id: UUID | None = None
    class_id: UUID | None = None


class StretchOfClasses(Period):
    """What happened from a day to a day in the classes that one sees, or in one of them."""

    branch_id: UUID | None = None
    class_id: UUID | None = None


class Owed(Parameters):
    """What is owed today, in the school's currency unless said otherwise."""

    branch_id: UUID | None = None
    class_id: UUID | None = None
    currency: CurrencyCode | None = None


class Moved(Period):
    """Money that moved from a day to a day, in the school's currency unless said otherwise."""

    branch_id: UUID | None = None
    currency: CurrencyCode | None = None


class MovedOfClasses(Moved):
    """The same, of what was charged in one class if one is said."""

    class_id: UUID | None = None


class OfAStudent(Period):
    """What a student was charged and paid from a day to a day."""

    student_id: UUID
    currency: CurrencyCode | None = None


def in_currency(currency: str | None) -> str:
    """The one asked for, or the school's."""
    currency = currency or settings.current().currency
    decimals_of(currency)
    return currency


def stretch(period: Period, *more: str) -> str:
    return ", ".join([f"{period.from_date.isoformat()} to {period.to_date.isoformat()}", *more])


async def rows_of(progress: Expecting, sql: str, row: Callable[[Record], Row], *arguments: Any) -> AsyncIterator[Row]:
    """The rows of a statement as they are read."""
    async with connection() as c, c.transaction(isolation="repeatable_read", readonly=True):
        await progress.expect(await c.fetchval(f"select count(*) from ({sql}) counted", *arguments))
        async for each in c.cursor(sql, *arguments, prefetch=PREFETCH):
            yield row(each)
