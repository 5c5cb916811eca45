"""Warehouses, items and stock for tests: made as rows, and moved by the heart of stock itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

from domain.identity.actor import SYSTEM_ID
from domain.kit import clock
from domain.kit.database import fetch, fetchval
from domain.kit.ids import new_id
from domain.kit.unit_of_work import retried, unit_of_work
from domain.ledger.chart import HouseAccount, id_of_house_account
from domain.milling import settings
from domain.milling.models import Item, StockBin, StockMovement, Warehouse
from domain.milling.rules import BinKey
from domain.milling.states import CostRule, DocumentKind, ItemCategory, MovementKind, ValuationMethod
from domain.milling.stock import Booked, Document, Leg, book, cancel

_numbers = count(1)

K = MovementKind
FIFO, AVERAGE = ValuationMethod.FIFO, ValuationMethod.MOVING_AVERAGE

Quantity = Decimal | int | str


def q(quantity: Quantity) -> Decimal:
    return Decimal(quantity)


def day(number: int, hour: int = 8) -> datetime:
    """A moment on a day of March 2026."""
    return datetime(2026, 3, number, hour, tzinfo=UTC)


async def a_warehouse(name: str | None = None, **changes: Any) -> Warehouse:
    """An open warehouse that sees every branch's staff, without a capacity."""
    number, now = next(_numbers), clock.now()
    stated: dict[str, Any] = {
        "id": new_id(),
        "code": f"WH-{number}",
        "name": name or f"Warehouse {number}",
        "alert_percent": 90,
        "created_by_id": SYSTEM_ID,
        "created_at": now,
        "updated_at": now,
    }
    return await Warehouse.create(**(stated | changes))


async def an_item(name: str | None = None, **changes: Any) -> Item:
    """A raw material in kg by moving average, never below zero, which nobody watches."""
    number, now = next(_numbers), clock.now()
    stated: dict[str, Any] = {
        "id": new_id(),
        "code": f"IT-{number}",
        "name": name or f"Item {number}",
        "category": ItemCategory.RAW_MATERIAL,
        "base_unit": "kg",
        "valuation_method": AVERAGE,
        "currency": settings.current().currency,
        "created_by_id": SYSTEM_ID,
        "created_at": now,
        "updated_at": now,
    }
    return await Item.create(**(stated | changes))


def a_document(kind: DocumentKind = DocumentKind.STOCK_DOCUMENT, **changes: Any) -> Document:
    number = next(_numbers)
    stated: dict[str, Any] = {
        "kind": kind,
        "id": new_id(),
        "number": f"SD-{number:06}",
        "branch_id": None,
        "description": f"Stock document SD-{number:06}",
    }
    return Document(**(stated | changes))


def leg(item: Item | UUID, warehouse: Warehouse | UUID, kind: MovementKind, quantity: Quantity | None, **said: Any) -> Leg:
    """A leg with its sign as given; ids or rows."""
    return Leg(
        item_id=item if isinstance(item, UUID) else item.id,
        warehouse_id=warehouse if isinstance(warehouse, UUID) else warehouse.id,
        kind=kind,
        quantity=None if quantity is None else q(quantity),
        **said,
    )


@retried
async def booked(*legs: Leg, document: Document | None = None, **said: Any) -> Booked:
    """Book legs in a unit of work of their own."""
    async with unit_of_work() as work:
        return await book(work, document or a_document(), legs, **said)


async def receive(
    item: Item, warehouse: Warehouse, quantity: Quantity, value_minor: int | None = None, *, at: datetime | None = None
) -> Booked:
    """A purchase receipt, for so many minor units in total."""
    document = a_document(DocumentKind.PURCHASE)
    return await booked(
        leg(item, warehouse, K.PURCHASE_RECEIPT, quantity, value_minor=value_minor), document=document, at=at
    )


async def issue(
    item: Item, warehouse: Warehouse, quantity: Quantity, *, at: datetime | None = None, kind: MovementKind = K.SALE_DELIVERY
) -> Booked:
    """A delivery of a sale, unless another kind is said; the quantity is positive."""
    document = a_document(DocumentKind.SALE if kind is K.SALE_DELIVERY else DocumentKind.STOCK_DOCUMENT)
    return await booked(leg(item, warehouse, kind, -q(quantity)), document=document, at=at)


async def transfer(
    item: Item, source: Warehouse, target: Warehouse, quantity: Quantity, *, at: datetime | None = None
) -> Booked:
    out = leg(item, source, K.TRANSFER_OUT, -q(quantity))
    return await booked(out, leg(item, target, K.TRANSFER_IN, quantity, source_id=out.id, line_no=2), at=at)


async def count_stock(item: Item, warehouse: Warehouse, counted: Quantity, *, at: datetime | None = None) -> Booked:
    return await booked(leg(item, warehouse, K.COUNT, None, counted=q(counted)), at=at)


async def take_back(sale: Booked, quantity: Quantity, *, at: datetime | None = None) -> Booked:
    """A sale return of a one-line delivery, into the same warehouse."""
    sold = sale.moved[0]
    back = leg(sold.item_id, sold.warehouse_id, K.SALE_RETURN, quantity, source_id=sold.movement_id)
    return await booked(back, document=a_document(DocumentKind.SALE_RETURN), at=at)


async def send_back(receipt: Booked, quantity: Quantity, *, at: datetime | None = None) -> Booked:
    """A purchase return of a one-line receipt."""
    got = receipt.moved[0]
    back = leg(got.item_id, got.warehouse_id, K.PURCHASE_RETURN, -q(quantity), source_id=got.movement_id)
    return await booked(back, document=a_document(DocumentKind.PURCHASE_RETURN), at=at)


async def add_cost(receipt: Booked, value_minor: int) -> Booked:
    """A landed cost on a one-line receipt, at the receipt's own moment."""
    got = receipt.moved[0]
    cost = leg(got.item_id, got.warehouse_id, K.LANDED_COST, 0, value_minor=value_minor, source_id=got.movement_id)
    document = a_document(DocumentKind.LANDED_COST)
    return await booked(cost, document=document, at=receipt.at, on=clock.today())


async def repack(
    inputs: Sequence[tuple[Item, Quantity]],
    outputs: Sequence[tuple[Item, Quantity]],
    warehouse: Warehouse,
    *,
    overhead_minor: int = 0,
    at: datetime | None = None,
) -> Booked:
    """Goods become other goods: the first output takes the rest of the cost, each other one a tenth of it."""
    pool_id = new_id()
    legs = [leg(item, warehouse, K.REPACK_OUT, -q(quantity), pool_id=pool_id) for item, quantity in inputs]
    for item, quantity in outputs[1:]:
        share: dict[str, Any] = {"cost_rule": CostRule.SHARE, "cost_value": Decimal(1000)}
        legs.append(leg(item, warehouse, K.REPACK_IN, quantity, pool_id=pool_id, **share))
    main, quantity = outputs[0]
    legs.append(leg(main, warehouse, K.REPACK_IN, quantity, pool_id=pool_id, cost_rule=CostRule.REST))
    return await booked(*legs, overhead={pool_id: overhead_minor} if overhead_minor else {}, at=at)


@retried
async def taken_out(act: Booked) -> Booked:
    """Cancel all movements of an act, by the document that made them."""
    ids = [each.movement_id for each in act.moved]
    made = await StockMovement.get(id=ids[0])
    document = a_document(made.document_kind, id=made.document_id)
    async with unit_of_work() as work:
        return await cancel(work, document, ids, reason="a mistake")


async def stocked(
    item: Item, warehouse: Warehouse, quantity: Quantity, value_minor: int = 100_000, *, at: datetime | None = None
) -> Booked:
    """Stock to begin with, as an opening balance."""
    return await booked(leg(item, warehouse, K.OPENING, quantity, value_minor=value_minor), at=at)


async def bin_of(item: Item, warehouse: Warehouse) -> StockBin:
    return await StockBin.get(item_id=item.id, warehouse_id=warehouse.id)


async def in_stock(item: Item, warehouse: Warehouse) -> tuple[Decimal, int]:
    """What is on hand, and what it is worth in minor units."""
    found = await bin_of(item, warehouse)
    return found.on_hand, found.value_minor


async def value_of(act: Booked) -> int:
    """What the movements of an act are worth in the books now, in minor units."""
    ids = [each.movement_id for each in act.moved]
    total: int = await fetchval(
        "select coalesce(sum(value_minor), 0)::bigint from stock_posting where movement_id = any($1::uuid[])", ids
    )
    return total


async def in_books(account: HouseAccount) -> int:
    """The balance of a house account in the mill's currency, debits positive."""
    account_id = id_of_house_account(account, settings.current().currency)
    total: int = await fetchval(
        "select coalesce(sum(amount_minor), 0)::bigint from journal_line where account_id = $1", account_id
    )
    return total


async def open_alerts() -> list[str]:
    """The kinds of the alerts that stand, the oldest first."""
    rows = await fetch("select kind from stock_alert where state <> 'RESOLVED' order by raised_at, id")
    return [row["kind"] for row in rows]


def bins(*pairs: tuple[Item, Warehouse]) -> Mapping[BinKey, Decimal]:
    """Nothing of each bin, to build wanted quantities upon."""
    return {(item.id, warehouse.id): Decimal(0) for item, warehouse in pairs}
