"""Holding goods back for a document until it takes them or lets them go."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.kit.unit_of_work import Work
from domain.milling.errors import InvalidQuantity
from domain.milling.rules import BinKey
from domain.milling.stock import checking, telling
from domain.milling.stock.documents import MAX_QUANTITY, Document, milli
from domain.milling.stock.locking import Bin, lock_bins

RESERVE: Final = """
insert into stock_reservation as r (document_kind, document_id, item_id, warehouse_id, quantity)
select $1, $2, item_id, warehouse_id, quantity / 1000.0
from unnest($3::uuid[], $4::uuid[], $5::bigint[]) as w (item_id, warehouse_id, quantity)
on conflict (document_id, item_id, warehouse_id) do update set quantity = r.quantity + excluded.quantity
"""

HOLD_BACK: Final = """
update stock_bin b set reserved = b.reserved + w.quantity / 1000.0, version = b.version + 1
from unnest($1::uuid[], $2::uuid[], $3::bigint[]) as w (item_id, warehouse_id, quantity)
where b.item_id = w.item_id and b.warehouse_id = w.warehouse_id
"""

# Take quantities ($2 items, $3 warehouses, $4 thousandths) off what a document ($1) holds back.
USE_UP: Final = """
with wanted as (
    select item_id, warehouse_id, quantity / 1000.0 as quantity
    from unnest($2::uuid[], $3::uuid[], $4::bigint[]) as w (item_id, warehouse_id, quantity)
), gone as (
    delete from stock_reservation r using wanted w
    where r.document_id = $1 and r.item_id = w.item_id and r.warehouse_id = w.warehouse_id and r.quantity = w.quantity
    returning r.item_id, r.warehouse_id
), less as (
    update stock_reservation r set quantity = r.quantity - w.quantity from wanted w
    where r.document_id = $1 and r.item_id = w.item_id and r.warehouse_id = w.warehouse_id and r.quantity > w.quantity
    returning r.item_id, r.warehouse_id
), held as (table gone union all table less)
update stock_bin b set reserved = b.reserved - w.quantity, version = b.version + 1
from wanted w join held h on h.item_id = w.item_id and h.warehouse_id = w.warehouse_id
where b.item_id = w.item_id and b.warehouse_id = w.warehouse_id
returning b.item_id
"""

HELD: Final = "select item_id, warehouse_id, quantity from stock_reservation where document_id = $1"


async def reserve(
    work: Work,
    document: Document,
    wanted: Mapping[BinKey, Decimal],
    *,
    fields: Mapping[BinKey, tuple[str, ...]] | None = None,
) -> None:
    """Hold quantities back, all or nothing (INSUFFICIENT_STOCK, ITEM_NOT_IN_WAREHOUSE, INVALID_QUANTITY)."""
    fields = fields or {}
    for key, quantity in wanted.items():
        if not quantity.is_finite() or not 0 < quantity < MAX_QUANTITY or quantity != quantity.quantize(Decimal("0.001")):
            raise InvalidQuantity("a quantity is above 0 and has at most three decimals", field=fields.get(key))
    if not wanted:
        return
    bins = await lock_bins(work, dict.fromkeys(wanted, False))
    checking.require_reservable(wanted, bins, fields)
    columns = _columns({key: milli(quantity) for key, quantity in wanted.items()})
    await work.execute(RESERVE, document.kind.value, document.id, *columns)
    await work.execute(HOLD_BACK, *columns)
    _tell(work, document, bins, {key: milli(quantity) for key, quantity in wanted.items()})


async def release(work: Work, document: Document, quantities: Mapping[BinKey, Decimal] | None = None) -> None:
    """Let go what a document holds back: these quantities, or all of it."""
    if quantities is None:
        rows = await work.fetch(HELD, document.id)
        quantities = {(row["item_id"], row["warehouse_id"]): row["quantity"] for row in rows}
    if quantities:
        bins = await lock_bins(work, dict.fromkeys(quantities, False))
        freed = {key: milli(quantity) for key, quantity in quantities.items()}
        await use_up(work, document.id, freed)
        _tell(work, document, bins, {key: -quantity for key, quantity in freed.items()})


async def use_up(work: Work, document_id: UUID, freed: Mapping[BinKey, int]) -> None:
    """Take thousandths off what a document holds back of bins that are locked."""
    freed = {key: quantity for key, quantity in freed.items() if quantity}
    if freed:
        held = await work.fetch(USE_UP, document_id, *_columns(freed))
        assert len(held) == len(freed), "a document uses up what it holds back and no more"


def _tell(work: Work, document: Document, bins: Mapping[BinKey, Bin], held: Mapping[BinKey, int]) -> None:
    for key, quantity in held.items():
        bins[key].reserved += quantity
        bins[key].version += 1
    telling.tell_reserved(work, document, list(bins.values()))


def _columns(quantities: Mapping[BinKey, int]) -> tuple[list[UUID], list[UUID], list[int]]:
    return [key[0] for key in quantities], [key[1] for key in quantities], list(quantities.values())
