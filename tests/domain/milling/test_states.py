"""The arrows between statuses: in the words of the code and, whoever writes, in the database."""

from __future__ import annotations

from typing import Any

import pytest

from domain.kit import clock
from domain.kit.database import fetchval
from domain.kit.ids import new_id
from domain.milling.accounts import COUNTER_OF, STOCK_OF
from domain.milling.models import Production, Purchase, Sale
from domain.milling.states import (
    ALERT_TRANSITIONS,
    INCOMING,
    OUTGOING,
    POSTED_TRANSITIONS,
    PRODUCTION_BEGINS,
    PRODUCTION_TRANSITIONS,
    PURCHASE_BEGINS,
    PURCHASE_TRANSITIONS,
    SALE_BEGINS,
    SALE_TRANSITIONS,
    VALUE_ONLY,
    AlertState,
    ItemCategory,
    MovementKind,
    PostedStatus,
    ProductionStatus,
    PurchaseStatus,
    SaleStatus,
)
from tests.support.mill_rows import (
    a_bare_item,
    a_bare_warehouse,
    insert,
    production_columns,
    purchase_columns,
    refusal_of_insert,
    refusal_of_update,
    sale_columns,
    status_of_production,
    status_of_purchase,
    status_of_sale,
    stock_document_columns,
    unguarded,
)

pytestmark = pytest.mark.usefixtures("database")


async def in_status(table: str, columns: dict[str, Any]) -> Any:
    async with unguarded() as c:
        return await insert(table, columns, on=c)


@pytest.mark.parametrize("before", PurchaseStatus)
async def test_the_database_knows_the_ways_of_a_purchase(before: PurchaseStatus) -> None:
    columns = await purchase_columns(before, await a_bare_warehouse())
    begins = await refusal_of_insert("mill_purchase", columns)
    assert begins == (None if before in PURCHASE_BEGINS else "mill_purchase_moves")
    purchase_id = await in_status("mill_purchase", columns)
    outcomes = {
        after: await refusal_of_update("mill_purchase", purchase_id, status_of_purchase(after)) for after in PurchaseStatus
    }
    assert {after for after, refused_by in outcomes.items() if refused_by is None} == PURCHASE_TRANSITIONS[before] | {before}
    assert set(outcomes.values()) <= {None, "mill_purchase_moves"}


@pytest.mark.parametrize("before", SaleStatus)
async def test_the_database_knows_the_ways_of_a_sale(before: SaleStatus) -> None:
    columns = sale_columns(before, await a_bare_warehouse())
    begins = await refusal_of_insert("mill_sale", columns)
    assert begins == (None if before in SALE_BEGINS else "mill_sale_moves")
    sale_id = await in_status("mill_sale", columns)
    outcomes = {after: await refusal_of_update("mill_sale", sale_id, status_of_sale(after)) for after in SaleStatus}
    assert {after for after, refused_by in outcomes.items() if refused_by is None} == SALE_TRANSITIONS[before] | {before}
    assert set(outcomes.values()) <= {None, "mill_sale_moves"}


@pytest.mark.parametrize("before", ProductionStatus)
async def test_the_database_knows_the_ways_of_a_production(before: ProductionStatus) -> None:
    columns = production_columns(before, await a_bare_warehouse(), await a_bare_item())
    begins = await refusal_of_insert("mill_production", columns)
    assert begins == (None if before in PRODUCTION_BEGINS else "mill_production_moves")
    production_id = await in_status("mill_production", columns)
    outcomes = {
        after: await refusal_of_update("mill_production", production_id, status_of_production(after))
        for after in ProductionStatus
    }
    assert {after for after, refused_by in outcomes.items() if refused_by is None} == PRODUCTION_TRANSITIONS[before] | {
        before
    }
    assert set(outcomes.values()) <= {None, "mill_production_moves"}


async def test_a_posted_document_is_cancelled_once_and_for_all() -> None:
    assert {PostedStatus.POSTED: {PostedStatus.CANCELLED}, PostedStatus.CANCELLED: frozenset()} == POSTED_TRANSITIONS
    columns = stock_document_columns(await a_bare_warehouse())
    over = {"status": "CANCELLED", "cancelled_at": clock.now(), "cancelled_by_id": new_id()}
    assert await refusal_of_insert("stock_document", columns | over) == "stock_document_moves"
    document_id = await insert("stock_document", columns)
    assert await refusal_of_update("stock_document", document_id, over) is None
    cancelled_id = await in_status("stock_document", columns | over)
    back = {"status": "POSTED", "cancelled_at": None, "cancelled_by_id": None}
    assert await refusal_of_update("stock_document", cancelled_id, back) == "stock_document_moves"


@pytest.mark.parametrize("before", AlertState)
async def test_the_database_knows_the_ways_of_an_alert(before: AlertState) -> None:
    item, warehouse = await a_bare_item(), await a_bare_warehouse()
    fixed = {"kind": "LOW_STOCK", "priority": "HIGH", "item_id": item.id, "warehouse_id": warehouse.id}
    figures = {"on_hand": 1, "threshold": 2, "raised_at": clock.now()}
    alert_id = await insert("stock_alert", fixed | figures | _alert(before))
    outcomes = {after: await refusal_of_update("stock_alert", alert_id, _alert(after)) for after in AlertState}
    assert {after for after, refused_by in outcomes.items() if refused_by is None} == ALERT_TRANSITIONS[before] | {before}
    assert set(outcomes.values()) <= {None, "stock_alert_moves"}


def _alert(state: AlertState) -> dict[str, Any]:
    seen = state is AlertState.ACKNOWLEDGED
    return {
        "state": state,
        "acknowledged_at": clock.now() if seen else None,
        "acknowledged_by_id": new_id() if seen else None,
        "resolved_at": clock.now() if state is AlertState.RESOLVED else None,
    }


@pytest.mark.parametrize(
    "change",
    ["branch_id = gen_random_uuid()", "currency = 'USD'", "created_by_id = gen_random_uuid()", "created_at = now()"],
)
async def test_whose_document_it_is_stays(change: str) -> None:
    sale_id = await insert("mill_sale", sale_columns(SaleStatus.DRAFT, await a_bare_warehouse()))
    column, value = change.split(" = ")
    found = await fetchval(f"select {value}")
    assert await refusal_of_update("mill_sale", sale_id, {column: found}) == "mill_sale_moves"


async def test_documents_are_numbered_as_they_come() -> None:
    warehouse, item = await a_bare_warehouse(), await a_bare_item()
    sale = await Sale.get(id=await insert("mill_sale", sale_columns(SaleStatus.DRAFT, warehouse)))
    another = await Sale.get(id=await insert("mill_sale", sale_columns(SaleStatus.DRAFT, warehouse)))
    assert (sale.number, another.number) == (f"SO-{sale.serial:06}", f"SO-{sale.serial + 1:06}")
    bought = await insert("mill_purchase", await purchase_columns(PurchaseStatus.DRAFT, warehouse))
    milled = await insert("mill_production", production_columns(ProductionStatus.PLANNED, warehouse, item))
    assert (await Purchase.get(id=bought)).number.startswith("PO-")
    assert (await Production.get(id=milled)).number.startswith("PR-")


async def test_a_number_is_known_as_soon_as_the_row_is_made_and_grows_beyond_six_digits() -> None:
    warehouse = await a_bare_warehouse()
    columns = sale_columns(SaleStatus.DRAFT, warehouse)
    made = await Sale.create(id=new_id(), **columns)
    assert made.number == f"SO-{made.serial:06}" and made.due_minor == 0
    await fetchval("select setval(pg_get_serial_sequence('mill_sale', 'serial'), 1234567)")
    assert (await Sale.create(id=new_id(), **columns)).number == "SO-1234568"
    await fetchval("select setval(pg_get_serial_sequence('mill_sale', 'serial'), $1)", made.serial)


async def test_every_kind_of_movement_has_a_sign_and_an_account() -> None:
    assert set(COUNTER_OF) == set(MovementKind)
    assert set(STOCK_OF) == set(ItemCategory)
    assert not INCOMING & OUTGOING and not VALUE_ONLY & (INCOMING | OUTGOING)
    assert set(MovementKind) - INCOMING - OUTGOING - VALUE_ONLY == {MovementKind.ADJUSTMENT, MovementKind.COUNT}
    stated = await fetchval(
        "select pg_get_constraintdef(oid) from pg_constraint where conname = 'stock_movement_quantity_fits_its_kind'"
    )
    assert all(f"'{kind.value}'" in stated for kind in MovementKind)
