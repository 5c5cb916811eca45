"""What reports of the mill are of: the warehouses that somebody sees, and stretches of days."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.kit.database import Record, connection
from domain.kit.money import Money
from domain.milling import settings
from domain.milling.access import branch_condition, warehouse_of
from domain.milling.models import Warehouse
from domain.milling.queries.stock import places_of
from domain.reports.parameters import Period
from domain.reports.registry import Expecting
from domain.reports.sheets import Row

PREFETCH: Final = 1_000

_PLACE: Final = ("input", "parameters", "warehouseId")


class MillPeriod(Period):
    """What happened from a day to a day, in the warehouses that one sees unless said otherwise."""

    warehouse_id: UUID | None = None
    branch_id: UUID | None = None


async def places_in(actor: Actor, warehouse_id: UUID | None, branch_id: UUID | None = None) -> list[UUID]:
    """The warehouses that a report is of: one that the actor sees, or all of them, or those of a branch."""
    if warehouse_id is not None:
        return [(await warehouse_of(actor, warehouse_id, field=_PLACE, closed=True)).id]
    seen = await places_of(actor)
    branch = branch_condition(actor, branch_id)
    if branch is None:
        return seen
    return [place.id for place in await Warehouse.filter(id__in=seen, branch_id=branch)]


async def where(warehouse_id: UUID | None) -> str:
    return "all warehouses" if warehouse_id is None else (await Warehouse.get(id=warehouse_id)).name


def money(amount_minor: int) -> Money:
    return Money(amount_minor, settings.current().currency)


def days_of(period: Period) -> str:
    return f"{period.from_date.isoformat()} to {period.to_date.isoformat()}"


def stretch_of(period: Period) -> tuple[datetime, datetime]:
    """From the first moment of the first day until before the day after the last."""
    return midnight(period.from_date), midnight(period.to_date + timedelta(days=1))


def midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


async def rows_of(progress: Expecting, sql: str, row: Callable[[Record], Row], *arguments: Any) -> AsyncIterator[Row]:
    """The rows of a statement as they are read."""
    async with connection() as c, c.transaction(isolation="repeatable_read", readonly=True):
        await progress.expect(await c.fetchval(f"select count(*) from ({sql}) counted", *arguments))
        async for each in c.cursor(sql, *arguments, prefetch=PREFETCH):
            yield row(each)
