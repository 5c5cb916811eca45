"""The stock statement: an item over a stretch of time, with what there was before, each movement, and what there was after.

No movement carries a running balance: it is summed up here. What lies before a moment is the sums of the days before it and
the movements of its own day up to it, so an old statement costs no more than a new one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.kit.database import fetch, fetchrow
from domain.kit.decimals import plain
from domain.kit.money import Money
from domain.kit.paging import Page, PageRequest, page_of
from domain.milling import settings
from domain.milling.access import READ, warehouse_of
from domain.milling.models import StockMovement
from domain.milling.queries.stock import (
    NOT_CANCELLED,
    WAREHOUSE,
    MovementRow,
    places_of,
    rate_of,
    require_order,
    the_item,
    with_worth,
)

# What came in and went out of an item ($1) in warehouses ($2) before a place in history: a moment ($3) and the movement ($4)
# of that moment that is not counted any more. That no moment is later is said twice: the planner reckons with it only where
# it is said plainly.
UNTIL: Final = """
select coalesce(sum(received), 0) as received, coalesce(sum(issued), 0) as issued,
       coalesce(sum(received_value), 0)::bigint as received_value, coalesce(sum(issued_value), 0)::bigint as issued_value
from (
    select received, issued, received_value_minor as received_value, issued_value_minor as issued_value
    from stock_day
    where item_id = $1 and warehouse_id = any($2::uuid[]) and day < ($3::timestamptz at time zone 'UTC')::date
    union all
    select greatest(p.quantity, 0), -least(p.quantity, 0), greatest(p.value_minor, 0), -least(p.value_minor, 0)
    from stock_movement m join stock_posting p on p.movement_id = m.id
    where m.item_id = $1 and m.warehouse_id = any($2::uuid[])
      and m.effective_at >= date_trunc('day', $3::timestamptz, 'UTC') and m.effective_at <= $3
      and (m.effective_at, m.seq) < ($3, $4::bigint)
) moved
"""

# Quantity and value after each of some movements ($1) that follow each other, not counting what was before the first.
RUNNING: Final = """
select m.id, sum(p.quantity) over following as quantity, (sum(p.value_minor) over following)::bigint as value_minor
from stock_movement m join stock_posting p on p.movement_id = m.id
where m.id = any($1::uuid[])
window following as (order by m.effective_at, m.seq)
"""

BEFORE_ALL_OF_A_MOMENT: Final = 0
"""Movements are numbered from 1."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How much there is, and what it is worth."""

    quantity: Decimal
    value: Money

    @property
    def rate(self) -> Decimal | None:
        """What one base unit is worth, in major units."""
        return rate_of(self.value.amount_minor, self.quantity, self.value.currency)


@dataclass(frozen=True, slots=True)
class Sums:
    """What came in and went out up to a place in history; all of it is positive."""

    received: Decimal
    issued: Decimal
    received_minor: int
    issued_minor: int

    def standing(self, currency: str) -> Standing:
        value = Money(self.received_minor - self.issued_minor, currency)
        return Standing(plain(self.received - self.issued), value)


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A movement, and how things stood after it."""

    movement: MovementRow
    after: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """An item in one warehouse, or in all that the actor sees, from a moment until before another."""

    item_id: UUID
    warehouse_id: UUID | None
    since: datetime
    until: datetime
    opening: Standing
    received: Standing
    issued: Standing
    closing: Standing
    places: Sequence[UUID]


async def stock_statement(
    actor: Actor, *, item_id: UUID, since: datetime, until: datetime, warehouse_id: UUID | None = None
) -> Statement:
    """What there was of an item, what came and went, and what there is. Its lines are :func:`statement_lines`.

    Over several warehouses a transfer comes in and goes out.
    """
    actor.require(READ)
    require_order(since, until)
    item = await the_item(item_id)
    if warehouse_id is None:
        places = await places_of(actor)
    else:
        places = [(await warehouse_of(actor, warehouse_id, field=WAREHOUSE, closed=True)).id]
    currency = settings.current().currency
    before = await sums_until(item.id, places, since)
    after = await sums_until(item.id, places, until)
    return Statement(
        item_id=item.id,
        warehouse_id=warehouse_id,
        since=since,
        until=until,
        opening=before.standing(currency),
        received=Standing(
            plain(after.received - before.received), Money(after.received_minor - before.received_minor, currency)
        ),
        issued=Standing(plain(after.issued - before.issued), Money(after.issued_minor - before.issued_minor, currency)),
        closing=after.standing(currency),
        places=places,
    )


async def statement_lines(statement: Statement, page: PageRequest) -> Page[StatementLine]:
    """The movements of a statement in the order of history, each with how things stood after it."""
    found = StockMovement.filter(
        NOT_CANCELLED,
        item_id=statement.item_id,
        warehouse_id__in=list(statement.places),
        effective_at__gte=statement.since,
        effective_at__lt=statement.until,
    )
    answered = await page_of(found, page.of_whole_rows, "effective_at", "seq")
    rows = await _with_standing(statement, answered.rows)
    return answered.showing(rows)


async def _with_standing(statement: Statement, movements: Sequence[StockMovement]) -> list[StatementLine]:
    if not movements:
        return []
    currency, first = settings.current().currency, movements[0]
    before = (await sums_until(statement.item_id, statement.places, first.effective_at, first.seq)).standing(currency)
    running = {row["id"]: row for row in await fetch(RUNNING, [movement.id for movement in movements])}
    return [
        StatementLine(
            movement,
            Standing(
                plain(before.quantity + running[movement.id]["quantity"]),
                Money(before.value.amount_minor + running[movement.id]["value_minor"], currency),
            ),
        )
        for movement in await with_worth(movements)
    ]


async def sums_until(item_id: UUID, places: Sequence[UUID], moment: datetime, seq: int = BEFORE_ALL_OF_A_MOMENT) -> Sums:
    """What came in and went out before a moment; with ``seq`` also what of that moment was booked before it."""
    row = await fetchrow(UNTIL, item_id, list(places), moment, seq)
    assert row is not None
    return Sums(row["received"], row["issued"], row["received_value"], row["issued_value"])
