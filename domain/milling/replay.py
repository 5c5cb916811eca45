"""What the log tells of the mill: what lies where, what moved, what was milled, sold and bought, and which alerts stand.

Movements are told once and change their posting when something is put in or taken out before them; a document tells all of
itself each time.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final
from uuid import uuid5

from domain.identity.actor import SYSTEM
from domain.kit.database import fetch
from domain.kit.projections import Board, Facts, Heard, Projection, Row, register_projection
from domain.milling import settings
from domain.milling.dashboards import mill_dashboard
from domain.milling.events import (
    AlertAcknowledged,
    AlertFigures,
    AlertRaised,
    AlertResolved,
    BinFigures,
    ItemChanged,
    PostingsChanged,
    ProductionChanged,
    ProductionFigures,
    PurchaseChanged,
    ReturnFigures,
    SaleChanged,
    StockMoved,
    StockReserved,
    StockRevalued,
    WarehouseChanged,
)
from domain.milling.models import StockBin

# What rows count for, by day, as it is said at the table of sums; here it is added up from what events told. Kilograms are
# those of the weight that an item has now.
DAYS: Final = """
insert into mill_day (warehouse_id, measure, incoming, day, item_id, count, quantity, amount_minor)
select warehouse_id, measure, incoming, day, item_id, count(*), sum(quantity), sum(amount_minor)
from (select s.warehouse_id, 'SALES' as measure, false as incoming, (s.delivered_at at time zone 'UTC')::date as day,
             null::uuid as item_id, 0 as quantity, s.amount_minor
      from mill_sale s where s.delivered_at is not null and s.status <> 'CANCELLED'
      union all
      select s.warehouse_id, 'RECEIVABLE', true, coalesce(s.due_on, (s.delivered_at at time zone 'UTC')::date), null, 0,
             s.due_minor
      from mill_sale s where s.delivered_at is not null and s.status <> 'CANCELLED' and s.due_minor > 0
      union all
      select s.warehouse_id, 'ITEM_SALES', false, (s.delivered_at at time zone 'UTC')::date, l.item_id,
             l.base_quantity - l.returned_quantity, l.amount_minor - l.returned_minor
      from mill_sale s join mill_sale_line l on l.sale_id = s.id
      where s.delivered_at is not null and s.status <> 'CANCELLED'
      union all
      select p.warehouse_id, 'ORDERS', true, (p.created_at at time zone 'UTC')::date, null, 0, p.amount_minor
      from mill_purchase p where p.status = 'DRAFT'
      union all
      select p.warehouse_id, 'PURCHASES', true, (p.received_at at time zone 'UTC')::date, null, 0, p.amount_minor
      from mill_purchase p where p.received_at is not null and p.status <> 'CANCELLED'
      union all
      select p.warehouse_id, 'UNBILLED', true, (p.received_at at time zone 'UTC')::date, null, 0,
             p.amount_minor - p.returned_minor
      from mill_purchase p
      where p.received_at is not null and p.status not in ('CANCELLED', 'RETURNED') and p.billed_minor is null
      union all
      select p.warehouse_id, 'PAYABLE', false, coalesce(p.due_on, p.billed_on), null, 0, p.due_minor
      from mill_purchase p where p.billed_minor is not null and p.status <> 'CANCELLED' and p.due_minor > 0
      union all
      select p.warehouse_id, f.measure, f.measure <> 'MILLED', (p.completed_at at time zone 'UTC')::date, null, f.kg, f.cost
      from mill_production p,
           lateral (values ('MILLED', p.input_kg, p.input_cost_minor + p.overhead_minor),
                           ('COMPLETED', p.output_kg, p.output_cost_minor),
                           ('BY_PRODUCED', p.by_product_kg, p.by_product_cost_minor)) f (measure, kg, cost)
      where p.status = 'COMPLETED'
      union all
      select r.warehouse_id, 'CREDITS', true, (r.returned_at at time zone 'UTC')::date, null, 0, r.amount_minor
      from mill_sale_return r where r.status = 'POSTED'
      union all
      select r.warehouse_id, 'DEBITS', false, (r.returned_at at time zone 'UTC')::date, null, 0, r.amount_minor
      from mill_purchase_return r where r.status = 'POSTED'
      union all
      select m.warehouse_id, m.kind, p.quantity > 0 or (p.quantity = 0 and p.value_minor >= 0),
             (m.effective_at at time zone 'UTC')::date, null, abs(p.quantity) * i.weight_kg,
             case when p.quantity < 0 then -p.value_minor else p.value_minor end
      from stock_movement m join stock_posting p on p.movement_id = m.id join mill_item i on i.id = m.item_id
      union all
      select m.warehouse_id, 'COST_OF_SALES', m.kind = 'SALE_RETURN', (m.effective_at at time zone 'UTC')::date, null, 0,
             abs(p.value_minor + p.variance_minor)
      from stock_movement m join stock_posting p on p.movement_id = m.id
      where m.kind in ('SALE_DELIVERY', 'SALE_RETURN')) as happened
group by warehouse_id, measure, incoming, day, item_id
"""
DAILY: Final = """
insert into mill_daily (warehouse_id, measure, incoming, day, item_id, count, quantity, amount_minor)
select warehouse_id, measure, incoming, day, item_id, count, quantity, amount_minor from mill_day
"""

# The branches that have a warehouse.
BRANCHES: Final = "select distinct branch_id as id from mill_warehouse where branch_id is not null order by 1"

LEAVES_OUT: Final = ("recent_activities", "lowest")
"""The newest documents, which are no figures; and bins as rows: of the emptiest it is told beside it what they hold."""


def _item(facts: Facts, heard: Heard) -> None:
    told: ItemChanged = heard.fact
    item = told.item
    facts.put(
        "mill_item",
        item.id,
        id=item.id,
        code=item.code,
        name=item.name,
        category=item.category,
        base_unit=item.base_unit,
        reorder_level=item.reorder_level,
        weight_kg=item.weight_kg,
        active=item.active,
    )
    if told.shelf is not None:
        key = (item.id, told.shelf.warehouse_id)
        _change_bin(facts, key, reorder_level=told.shelf.reorder_level)


def _warehouse(facts: Facts, heard: Heard) -> None:
    told: WarehouseChanged = heard.fact
    row = told.warehouse
    facts.put(
        "mill_warehouse",
        row.id,
        id=row.id,
        code=row.code,
        name=row.name,
        branch_id=row.branch_id,
        capacity_kg=row.capacity_kg,
        active=row.active,
    )


def _bins(facts: Facts, heard: Heard) -> None:
    told: StockMoved | StockRevalued | StockReserved = heard.fact
    for each in told.bins:
        _bin(facts, each)
    if isinstance(told, StockMoved):
        _moved(facts, told)


def _bin(facts: Facts, told: BinFigures) -> None:
    key = (told.item_id, told.warehouse_id)
    if facts.get("stock_bin", key).get("version", 0) <= told.version:
        _change_bin(facts, key, on_hand=told.on_hand, value_minor=told.value.amount_minor, version=told.version)


def _change_bin(facts: Facts, key: tuple[Any, Any], **columns: Any) -> None:
    """A bin that nothing was told of is empty."""
    if not facts.has("stock_bin", key):
        own_id = uuid5(key[0], str(key[1]))
        facts.put(
            "stock_bin", key, id=own_id, item_id=key[0], warehouse_id=key[1], on_hand=0, value_minor=0, reserved=0, version=0
        )
    facts.change("stock_bin", key, **columns)


def _moved(facts: Facts, told: StockMoved) -> None:
    for each in told.movements:
        if told.cancelled:
            facts.drop("stock_movement", each.movement_id)
            facts.drop("stock_posting", each.movement_id)
            continue
        facts.put(
            "stock_movement",
            each.movement_id,
            id=each.movement_id,
            item_id=each.item_id,
            warehouse_id=each.warehouse_id,
            kind=each.kind,
            effective_at=told.effective_at,
        )
        variance = 0 if each.variance is None else each.variance.amount_minor
        _post(facts, each.movement_id, each.quantity, each.value.amount_minor, variance)


def _posted_anew(facts: Facts, heard: Heard) -> None:
    told: PostingsChanged = heard.fact
    for each in told.postings:
        _post(facts, each.movement_id, each.quantity, each.value_minor, each.variance_minor)


def _post(facts: Facts, movement_id: Any, quantity: Any, value: int, variance: int) -> None:
    facts.put(
        "stock_posting",
        movement_id,
        movement_id=movement_id,
        quantity=quantity,
        value_minor=value,
        variance_minor=variance,
    )


def _sale(facts: Facts, heard: Heard) -> None:
    told: SaleChanged = heard.fact
    sale = told.sale
    facts.put(
        "mill_sale",
        sale.id,
        id=sale.id,
        warehouse_id=sale.warehouse_id,
        branch_id=sale.branch_id,
        status=sale.status,
        amount_minor=sale.amount.amount_minor,
        due_minor=sale.due_amount.amount_minor,
        delivered_at=sale.delivered_at,
        due_on=sale.due_on,
    )
    _lines(facts, "mill_sale_line", sale.id, told.lines, "sale_id")
    _returned(facts, "mill_sale_return", told.returned)


def _purchase(facts: Facts, heard: Heard) -> None:
    told: PurchaseChanged = heard.fact
    bought = told.purchase
    facts.put(
        "mill_purchase",
        bought.id,
        id=bought.id,
        supplier_id=bought.supplier_id,
        warehouse_id=bought.warehouse_id,
        branch_id=bought.branch_id,
        status=bought.status,
        amount_minor=bought.amount.amount_minor,
        billed_minor=None if bought.billed_amount is None else bought.billed_amount.amount_minor,
        returned_minor=bought.returned_amount.amount_minor,
        due_minor=bought.due_amount.amount_minor,
        created_at=bought.created_at,
        received_at=bought.received_at,
        billed_on=bought.billed_on,
        due_on=bought.due_on,
    )
    _returned(facts, "mill_purchase_return", told.returned)


def _lines(facts: Facts, table: str, document_id: Any, lines: list[Any], belongs: str) -> None:
    """All lines of a document; those that it has no more are gone."""
    known = facts.get(f"milling: lines of {table}", document_id).get("ids", [])
    for line_id in known:
        facts.drop(table, line_id)
    for line in lines:
        facts.put(
            table,
            line.id,
            id=line.id,
            item_id=line.item_id,
            base_quantity=line.base_quantity,
            returned_quantity=line.returned_quantity,
            amount_minor=line.amount_minor,
            returned_minor=line.returned_minor,
            **{belongs: document_id},
        )
    facts.put(f"milling: lines of {table}", document_id, ids=[line.id for line in lines])


def _returned(facts: Facts, table: str, told: ReturnFigures | None) -> None:
    if told is None:
        return
    facts.put(
        table,
        told.id,
        id=told.id,
        warehouse_id=told.warehouse_id,
        status=told.status,
        amount_minor=told.amount.amount_minor,
        returned_at=told.returned_at,
    )


def _production(facts: Facts, heard: Heard) -> None:
    told: ProductionFigures = heard.fact.production
    amounts: Row = {
        "input_cost_minor": told.input_cost,
        "overhead_minor": told.overhead_cost,
        "by_product_cost_minor": told.by_product_cost,
        "output_cost_minor": told.output_cost,
    }
    facts.put(
        "mill_production",
        told.id,
        id=told.id,
        warehouse_id=told.warehouse_id,
        branch_id=told.branch_id,
        status=told.status,
        input_kg=told.input_kg,
        output_kg=told.output_kg,
        by_product_kg=told.by_product_kg,
        completed_at=told.completed_at,
        **{column: amount.amount_minor for column, amount in amounts.items()},
    )


def _alert(facts: Facts, heard: Heard) -> None:
    told: AlertFigures = heard.fact.alert
    facts.put(
        "stock_alert",
        told.id,
        id=told.id,
        kind=told.kind,
        priority=told.priority,
        state=told.state,
        branch_id=told.branch_id,
        raised_at=told.raised_at,
    )


async def _boards() -> AsyncIterator[Board]:
    """The whole mill, and each branch."""
    currency = settings.current().currency
    branches = [row["id"] for row in await fetch(BRANCHES)]
    for branch_id in (None, *branches):
        board = await mill_dashboard(SYSTEM, branch_id)
        where = f"branch.{branch_id}" if branch_id else "all"
        yield Board(f"{where}.{currency}", board, LEAVES_OUT)
        yield Board(f"{where}.{currency}.lowest", [_held(each) for each in board.inventory.lowest])


def _held(shelf: StockBin) -> Row:
    """A bin is known by its item and its warehouse, whatever row it is in."""
    return {"item": shelf.item_id, "warehouse": shelf.warehouse_id, "on_hand": shelf.on_hand, "value": shelf.value_minor}


register_projection(
    Projection(
        name="milling",
        tables=(
            "mill_item",
            "mill_warehouse",
            "stock_bin",
            "stock_movement",
            "stock_posting",
            "stock_alert",
            "stock_document",
            "mill_payment",
            "mill_sale",
            "mill_sale_line",
            "mill_sale_return",
            "mill_purchase",
            "mill_purchase_return",
            "mill_production",
            "mill_day",
            "mill_day_change",
            "mill_daily",
        ),
        applies={
            ItemChanged: _item,
            WarehouseChanged: _warehouse,
            StockMoved: _bins,
            StockRevalued: _bins,
            StockReserved: _bins,
            PostingsChanged: _posted_anew,
            SaleChanged: _sale,
            PurchaseChanged: _purchase,
            ProductionChanged: _production,
            AlertRaised: _alert,
            AlertAcknowledged: _alert,
            AlertResolved: _alert,
        },
        derived=(DAYS, DAILY),
        boards=_boards,
    )
)
