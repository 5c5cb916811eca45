"""Stock on paper: the statement of an item, what moved, what it is worth, and a list to count by."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.database import Record, connection
from domain.kit.decimals import plain
from domain.milling.models import Item, Warehouse
from domain.milling.queries import valuation as valuations
from domain.milling.queries.statement import BEFORE_ALL_OF_A_MOMENT, UNTIL
from domain.milling.queries.stock import rate_of, the_item
from domain.milling.reports.scope import (
    PREFETCH,
    MillPeriod,
    days_of,
    midnight,
    money,
    places_in,
    rows_of,
    stretch_of,
    where,
)
from domain.reports.parameters import AsOf, Parameters, Period
from domain.reports.registry import Expecting, report
from domain.reports.sheets import Column, ColumnKind, Row, Sheet

READ: Final = Permission.MILL_READ

_MONEY, _NUMBER, _INSTANT = ColumnKind.MONEY, ColumnKind.NUMBER, ColumnKind.INSTANT


class StatementParameters(Period):
    """An item over a stretch of days, in one warehouse or in all that one sees."""

    item_id: UUID
    warehouse_id: UUID | None = None


class MovementParameters(MillPeriod):
    """The same, of one item if one is said."""

    item_id: UUID | None = None


class ValuationParameters(AsOf):
    """The end of a day, in the warehouses that one sees unless one is said."""

    warehouse_id: UUID | None = None


class CountParameters(Parameters):
    """A warehouse to be counted."""

    warehouse_id: UUID


# Movements that stand, of an item ($1, null for all) in warehouses ($2), from a moment ($3) until before another ($4), with
# what they and all before them in this stretch come to.
MOVED: Final = """
select m.effective_at, m.recorded_at, i.code, i.name, i.base_unit, w.name as warehouse, m.kind, m.note,
       p.quantity, p.value_minor,
       coalesce(d1.number, d2.number, d3.number, d4.number, d5.number, d6.number, d7.number, '') as document,
       sum(p.quantity) over running as quantity_after, (sum(p.value_minor) over running)::bigint as value_after
from stock_movement m
     join stock_posting p on p.movement_id = m.id
     join mill_item i on i.id = m.item_id
     join mill_warehouse w on w.id = m.warehouse_id
     left join mill_purchase d1 on m.document_kind = 'PURCHASE' and d1.id = m.document_id
     left join mill_purchase_return d2 on m.document_kind = 'PURCHASE_RETURN' and d2.id = m.document_id
     left join mill_landed_cost d3 on m.document_kind = 'LANDED_COST' and d3.id = m.document_id
     left join mill_production d4 on m.document_kind = 'PRODUCTION' and d4.id = m.document_id
     left join mill_sale d5 on m.document_kind = 'SALE' and d5.id = m.document_id
     left join mill_sale_return d6 on m.document_kind = 'SALE_RETURN' and d6.id = m.document_id
     left join stock_document d7 on m.document_kind = 'STOCK_DOCUMENT' and d7.id = m.document_id
where ($1::uuid is null or m.item_id = $1) and m.warehouse_id = any($2::uuid[])
  and m.effective_at >= $3 and m.effective_at < $4
window running as (order by m.effective_at, m.seq)
order by m.effective_at, m.seq
"""


@report(
    "stock_statement",
    title="Stock statement",
    purpose="An item over a period: what there was, each movement with what there was after it, and what there is.",
    requires=READ,
    parameters=StatementParameters,
)
async def stock_statement(actor: Actor, parameters: StatementParameters, progress: Expecting) -> Sheet:
    item = await the_item(parameters.item_id, "input", "parameters", "itemId")
    places = await places_in(actor, parameters.warehouse_id)
    since, until = stretch_of(parameters)

    async def rows() -> AsyncIterator[Row]:
        async with connection() as c, c.transaction(isolation="repeatable_read", readonly=True):
            before = await c.fetchrow(UNTIL, item.id, places, since, BEFORE_ALL_OF_A_MOMENT)
            assert before is not None, "sums of nothing are a row too"
            quantity: Decimal = before["received"] - before["issued"]
            value: int = before["received_value"] - before["issued_value"]
            wanted = (item.id, places, since, until)
            await progress.expect(2 + await c.fetchval(f"select count(*) from ({MOVED}) counted", *wanted))
            yield (since, "Opening", "", "", "", None, None, plain(quantity), money(value))
            last = (quantity, value)
            async for each in c.cursor(MOVED, *wanted, prefetch=PREFETCH):
                last = (quantity + each["quantity_after"], value + each["value_after"])
                yield (
                    each["effective_at"],
                    each["kind"],
                    each["document"],
                    each["warehouse"],
                    each["note"],
                    plain(each["quantity"]),
                    money(each["value_minor"]),
                    plain(last[0]),
                    money(last[1]),
                )
            yield (until, "Closing", "", "", "", None, None, plain(last[0]), money(last[1]))

    place = await where(parameters.warehouse_id)
    return Sheet(
        title="Stock statement",
        subtitle=f"{item.code} {item.name}, in {item.base_unit}; {place}; {days_of(parameters)}",
        columns=[
            Column("At", _INSTANT),
            Column("Kind"),
            Column("Document"),
            Column("Warehouse"),
            Column("Note"),
            Column("Quantity", _NUMBER),
            Column("Value", _MONEY),
            Column("Quantity after", _NUMBER),
            Column("Value after", _MONEY),
        ],
        rows=rows(),
    )


@report(
    "stock_movements",
    title="Stock movements",
    purpose="Every movement of stock in a period, the earliest first; those that were taken back are not in it.",
    requires=READ,
    parameters=MovementParameters,
)
async def stock_movements(actor: Actor, parameters: MovementParameters, progress: Expecting) -> Sheet:
    if parameters.item_id is not None:
        await the_item(parameters.item_id, "input", "parameters", "itemId")
    places = await places_in(actor, parameters.warehouse_id, parameters.branch_id)

    def row(each: Record) -> Row:
        return (
            each["effective_at"],
            each["recorded_at"],
            each["code"],
            each["name"],
            each["warehouse"],
            each["kind"],
            each["document"],
            plain(each["quantity"]),
            each["base_unit"],
            money(each["value_minor"]),
            each["note"],
        )

    return Sheet(
        title="Stock movements",
        subtitle=f"{await where(parameters.warehouse_id)}; {days_of(parameters)}",
        columns=[
            Column("At", _INSTANT),
            Column("Recorded at", _INSTANT),
            Column("Code"),
            Column("Item"),
            Column("Warehouse"),
            Column("Kind"),
            Column("Document"),
            Column("Quantity", _NUMBER),
            Column("Unit"),
            Column("Value", _MONEY, summed=True),
            Column("Note"),
        ],
        rows=rows_of(progress, MOVED, row, parameters.item_id, places, *stretch_of(parameters)),
    )


@report(
    "stock_valuation",
    title="Stock valuation",
    purpose="What each item in each warehouse is worth at the end of a day, and each stock account of the ledger.",
    requires=READ,
    parameters=ValuationParameters,
)
async def stock_valuation(actor: Actor, parameters: ValuationParameters, progress: Expecting) -> Sheet:
    await places_in(actor, parameters.warehouse_id)
    day = parameters.as_of or clock.today()
    moment = min(midnight(day + timedelta(days=1)) - timedelta(microseconds=1), clock.now())
    found = await valuations.stock_valuation(actor, as_of=moment, warehouse_id=parameters.warehouse_id)
    items = {item.id: item for item in await Item.filter(id__in={each.item_id for each in found.bins})}
    places = {place.id: place for place in await Warehouse.filter(id__in={each.warehouse_id for each in found.bins})}
    rows = [
        (
            items[each.item_id].code,
            items[each.item_id].name,
            each.category.value,
            places[each.warehouse_id].name,
            each.quantity,
            items[each.item_id].base_unit,
            rate_of(each.value.amount_minor, each.quantity, found.currency),
            each.value,
        )
        for each in found.bins
    ]
    await progress.expect(len(rows))
    return Sheet(
        title="Stock valuation",
        subtitle=f"As of {day.isoformat()}, {found.currency}; {await where(parameters.warehouse_id)}",
        columns=[
            Column("Code"),
            Column("Item"),
            Column("Category"),
            Column("Warehouse"),
            Column("Quantity", _NUMBER),
            Column("Unit"),
            Column("Rate", _NUMBER),
            Column("Value", _MONEY, summed=True),
        ],
        rows=sorted(rows, key=lambda each: (each[1], each[0], each[3])),
        totals=[(each.account_code, "", each.category.value, "", None, "", None, each.value) for each in found.by_category],
    )


# What is kept in a warehouse ($1) and has not been given up with nothing left.
TO_COUNT: Final = """
select i.code, i.name, i.base_unit from stock_bin b join mill_item i on i.id = b.item_id
where b.warehouse_id = $1 and (i.active or b.on_hand <> 0)
order by i.category, i.name, i.code
"""


@report(
    "stock_count_list",
    title="List to count by",
    purpose="What is kept in a warehouse, with room to write down what is found; what the books expect is not told.",
    requires=READ,
    parameters=CountParameters,
)
async def stock_count_list(actor: Actor, parameters: CountParameters, progress: Expecting) -> Sheet:
    await places_in(actor, parameters.warehouse_id)
    return Sheet(
        title="List to count by",
        subtitle=f"{await where(parameters.warehouse_id)}; printed {clock.today().isoformat()}",
        columns=[Column("Code"), Column("Item"), Column("Unit"), Column("Found", _NUMBER), Column("Remark")],
        rows=rows_of(
            progress,
            TO_COUNT,
            lambda each: (each["code"], each["name"], each["base_unit"], None, ""),
            parameters.warehouse_id,
        ),
    )
