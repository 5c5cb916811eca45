"""What the mill comes to by day: movements, sales and purchases of the warehouses that somebody sees, and what is owed.

The database adds rows up by warehouse and day as they change (see ``migrations/0004_days.sql``), so that these figures cost
days and not documents. Days are those of UTC.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Final, Self
from uuid import UUID

from domain.kit.database import Record, fetch
from domain.kit.money import Money
from domain.milling.states import MovementKind

_WIDE: Final = Context(prec=80)

WEEK_DAYS: Final = 7
MONTH_DAYS: Final = 30

SALES: Final = "SALES"
COST_OF_SALES: Final = "COST_OF_SALES"
ITEM_SALES: Final = "ITEM_SALES"
CREDITS: Final = "CREDITS"
PURCHASES: Final = "PURCHASES"
DEBITS: Final = "DEBITS"
RECEIVABLE: Final = "RECEIVABLE"
PAYABLE: Final = "PAYABLE"
ORDERS: Final = "ORDERS"
COMPLETED: Final = "COMPLETED"
MILLED: Final = "MILLED"
BY_PRODUCED: Final = "BY_PRODUCED"
UNBILLED: Final = "UNBILLED"

MOVEMENTS: Final = tuple(kind.value for kind in MovementKind)
STANDING: Final = (RECEIVABLE, PAYABLE, ORDERS, UNBILLED)
"""Measures of how things stand: all of their days count, and those before today are overdue or old."""

# What happened ($2 measures) from $3 to $4, by day; and what stands ($5 measures), in two: before $4, and since. $1 is a
# branch, or null for every warehouse. Each part of what is folded is ranges of an index, and the lines that are not folded
# yet are read once.
DAYS: Final = """
select d.measure, d.incoming, d.day, sum(d.count)::bigint as count, sum(d.quantity) as quantity,
       sum(d.amount_minor)::bigint as amount
from (
    select warehouse_id, measure, incoming, day, count, quantity, amount_minor from mill_day
    where measure = any($2::text[]) and day between $3::date and $4::date
    union all
    select warehouse_id, measure, incoming, case when day < $4::date then $4::date - 1 else $4::date end, count, quantity,
           amount_minor
    from mill_day where measure = any($5::text[])
    union all
    select warehouse_id, measure, incoming,
           case when measure = any($2::text[]) then day when day < $4::date then $4::date - 1 else $4::date end, count,
           quantity, amount_minor
    from mill_day_change
    where (measure = any($2::text[]) and day between $3::date and $4::date) or measure = any($5::text[])
) d
where $1::uuid is null or d.warehouse_id in (select id from mill_warehouse where branch_id = $1)
group by 1, 2, 3
"""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many, and how much in all."""

    count: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Sum:
    """Of rows: how many, kilograms, and minor units."""

    count: int = 0
    quantity: Decimal = Decimal(0)
    amount: int = 0

    def __add__(self, other: Sum) -> Sum:
        return Sum(self.count + other.count, self.quantity + other.quantity, self.amount + other.amount)


def sum_of(sums: Iterable[Sum]) -> Sum:
    return sum(sums, Sum())


class DaySums:
    """Sums by measure, direction and day, up to ``today``."""

    def __init__(self, rows: Iterable[Record], today: date, currency: str) -> None:
        self.today = today
        self.currency = currency
        self._days: dict[tuple[str, bool], dict[date, Sum]] = {}
        for row in rows:
            sums = self._days.setdefault((row["measure"], row["incoming"]), {})
            sums[row["day"]] = Sum(row["count"], row["quantity"], row["amount"])

    @classmethod
    async def read(cls, scope: UUID | None, today: date, currency: str, *, measures: Collection[str]) -> Self:
        """The last 30 days of what happened among these measures, and all of what stands."""
        happened = [measure for measure in measures if measure not in STANDING]
        standing = [measure for measure in measures if measure in STANDING]
        since = today - timedelta(days=MONTH_DAYS - 1)
        return cls(await fetch(DAYS, scope, happened, since, today, standing), today, currency)

    def of(self, measure: str, days: Collection[date], *, incoming: bool | None = None) -> Sum:
        directions = (True, False) if incoming is None else (incoming,)
        kept = [sums for direction in directions if (sums := self._days.get((measure, direction)))]
        return sum_of(sums[day] for sums in kept for day in days if day in sums)

    def tally(self, measure: str, days: Collection[date]) -> Tally:
        found = self.of(measure, days)
        return Tally(found.count, self.money(found.amount))

    def standing(self, measure: str) -> Tally:
        """All that stands."""
        return self.tally(measure, (self.today - timedelta(days=1), self.today))

    def overdue(self, measure: str) -> Tally:
        """What of it is of a day before today."""
        return self.tally(measure, (self.today - timedelta(days=1),))

    def money(self, amount: int) -> Money:
        return Money(amount, self.currency)


def last_days(today: date, count: int) -> list[date]:
    """So many days up to today, the oldest first."""
    return [today - timedelta(days=back) for back in range(count - 1, -1, -1)]


def first_moment(today: date, count: int) -> datetime:
    """When the first of so many days up to today begins."""
    return datetime.combine(today - timedelta(days=count - 1), time(), UTC)


def spans(today: date) -> Iterator[list[date]]:
    """The days of today, of the last 7 and of the last 30 days, today included."""
    for count in (1, WEEK_DAYS, MONTH_DAYS):
        yield last_days(today, count)


def kilograms(quantity: Decimal) -> Decimal:
    """As shown: three decimals, halves to even, however much it is."""
    return quantity.quantize(Decimal("0.001"), ROUND_HALF_EVEN, _WIDE)
