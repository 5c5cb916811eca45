"""What all stock is worth: now, or as of any moment. Its totals are what the stock accounts of the ledger have."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.kit import clock
from domain.kit.database import fetch
from domain.kit.decimals import plain
from domain.kit.errors import InvalidInput
from domain.kit.money import Money
from domain.kit.paging import Page, PageRequest, decode_cursor, encode_cursor
from domain.milling import settings
from domain.milling.access import READ, warehouse_of
from domain.milling.accounts import STOCK_OF
from domain.milling.models import StockBin
from domain.milling.queries.stock import WAREHOUSE, places_of, rate_of
from domain.milling.states import ItemCategory

_ORDER: Final = ("item_id", "warehouse_id")

# What lies in warehouses ($1), of an item ($2) or all, of categories ($3) or all.
NOW: Final = """
select b.item_id, b.warehouse_id, i.category, b.on_hand as quantity, b.value_minor
from stock_bin b join mill_item i on i.id = b.item_id
where b.warehouse_id = any($1::uuid[]) and ($2::uuid is null or b.item_id = $2)
  and ($3::text[] is null or i.category = any($3)) and (b.on_hand <> 0 or b.value_minor <> 0)
order by b.item_id, b.warehouse_id
"""

# The same as of a moment ($4): the sums of the days before, and the movements of that day up to it.
THEN: Final = """
select moved.item_id, moved.warehouse_id, i.category, sum(moved.quantity) as quantity,
       sum(moved.value_minor)::bigint as value_minor
from (
    select item_id, warehouse_id, sum(received - issued) as quantity,
           sum(received_value_minor - issued_value_minor) as value_minor
    from stock_day where warehouse_id = any($1::uuid[]) and ($2::uuid is null or item_id = $2)
      and day < ($4::timestamptz at time zone 'UTC')::date
    group by item_id, warehouse_id
    union all
    select m.item_id, m.warehouse_id, sum(p.quantity), sum(p.value_minor)
    from stock_movement m join stock_posting p on p.movement_id = m.id
    where m.warehouse_id = any($1::uuid[]) and ($2::uuid is null or m.item_id = $2)
      and m.effective_at >= date_trunc('day', $4::timestamptz, 'UTC') and m.effective_at <= $4
    group by m.item_id, m.warehouse_id
) moved join mill_item i on i.id = moved.item_id
where $3::text[] is null or i.category = any($3)
group by moved.item_id, moved.warehouse_id, i.category
having sum(moved.quantity) <> 0 or sum(moved.value_minor) <> 0
order by moved.item_id, moved.warehouse_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuedBin:
    """An item in a warehouse, and what it is worth."""

    item_id: UUID
    warehouse_id: UUID
    category: ItemCategory
    quantity: Decimal
    value: Money

    @property
    def rate(self) -> Decimal | None:
        """What one base unit is worth, in major units."""
        return rate_of(self.value.amount_minor, self.quantity, self.value.currency)


@dataclass(frozen=True, slots=True)
class CategoryValue:
    """What all items of a category are worth, and the account of the ledger that has it."""

    category: ItemCategory
    account_code: str
    value: Money


@dataclass(frozen=True, slots=True)
class WarehouseValue:
    """What lies in a warehouse is worth."""

    warehouse_id: UUID
    value: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Valuation:
    """What stock is worth at a moment, in the warehouses that the actor sees or in one of them."""

    as_of: datetime
    warehouse_id: UUID | None
    bins: Sequence[ValuedBin]
    currency: str

    @property
    def total(self) -> Money:
        return _sum(self.bins, self.currency)

    @property
    def by_category(self) -> list[CategoryValue]:
        """Every category, those without stock too."""
        worth = _summed(self.bins, lambda each: each.category, self.currency)
        nothing = Money.zero(self.currency)
        return [CategoryValue(each, STOCK_OF[each].code, worth.get(each, nothing)) for each in ItemCategory]

    @property
    def by_warehouse(self) -> list[WarehouseValue]:
        """The warehouses in which something lies."""
        worth = _summed(self.bins, lambda each: each.warehouse_id, self.currency)
        return [WarehouseValue(warehouse_id, value) for warehouse_id, value in sorted(worth.items())]


async def stock_valuation(
    actor: Actor,
    *,
    as_of: datetime | None = None,
    warehouse_id: UUID | None = None,
    item_id: UUID | None = None,
    categories: Collection[ItemCategory] = (),
) -> Valuation:
    """What stock is worth now, or after everything that took effect at ``as_of`` or before it, as history is known today."""
    actor.require(READ)
    moment = clock.now()
    if as_of is not None and as_of > moment:
        raise InvalidInput("nobody knows yet what stock will be worth", field=("asOf",))
    if warehouse_id is None:
        places = await places_of(actor)
    else:
        places = [(await warehouse_of(actor, warehouse_id, field=WAREHOUSE, closed=True)).id]
    wanted: list[Any] = [places, item_id, [each.value for each in categories] or None]
    rows = await (fetch(NOW, *wanted) if as_of is None else fetch(THEN, *wanted, as_of))
    currency = settings.current().currency
    return Valuation(
        as_of=as_of or moment,
        warehouse_id=warehouse_id,
        currency=currency,
        bins=[
            ValuedBin(
                item_id=row["item_id"],
                warehouse_id=row["warehouse_id"],
                category=ItemCategory(row["category"]),
                quantity=plain(row["quantity"]),
                value=Money(row["value_minor"], currency),
            )
            for row in rows
        ],
    )


def valued_bins(valuation: Valuation, request: PageRequest) -> Page[ValuedBin]:
    """A page of the bins of a valuation, which is read as a whole anyway, because its totals are of all of them."""
    bins, keys = valuation.bins, [(each.item_id, each.warehouse_id) for each in valuation.bins]
    first, end = 0, len(bins)
    if request.after is not None:
        first = bisect_right(keys, _key(request.after, "after"))
    if request.before is not None:
        end = max(first, bisect_left(keys, _key(request.before, "before")))
    least, most = first, end
    if request.backwards:
        first = max(first, end - request.size)
    else:
        end = min(end, first + request.size)

    async def count() -> int:
        return len(bins)

    rows = list(bins[first:end])
    return Page(
        rows=rows,
        cursors=[encode_cursor([each.item_id, each.warehouse_id]) for each in rows],
        has_next=request.before is not None if request.backwards else end < most,
        has_previous=first > least if request.backwards else request.after is not None,
        count=count,
    )


def _key(cursor: str, argument: str) -> tuple[UUID, UUID]:
    item_id, warehouse_id = decode_cursor(cursor, _ORDER, StockBin, argument=argument)
    return item_id, warehouse_id


def _sum(bins: Iterable[ValuedBin], currency: str) -> Money:
    return Money(sum(each.value.amount_minor for each in bins), currency)


def _summed(bins: Iterable[ValuedBin], by: Callable[[ValuedBin], Any], currency: str) -> dict[Any, Money]:
    sums: dict[Any, int] = {}
    for each in bins:
        sums[by(each)] = sums.get(by(each), 0) + each.value.amount_minor
    return {key: Money(amount, currency) for key, amount in sums.items()}
