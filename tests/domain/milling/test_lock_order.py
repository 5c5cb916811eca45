"""Nobody waits in a circle: whoever acts at the mill locks in one order, so that PostgreSQL need not break anything up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from uuid import UUID

import pytest

from domain.kit import unit_of_work
from domain.kit.database import connection, fetchval
from domain.milling.models import Production
from domain.milling.service.items import set_item_unit, update_item
from domain.milling.service.levels import set_reorder_level
from domain.milling.service.production_undoing import cancel_production
from domain.milling.service.productions import complete_production, consume_materials
from domain.milling.service.warehouses import update_warehouse
from tests.support.happenings import assert_integrity
from tests.support.milled import CANCELLED, COMPLETED, IN_PROGRESS, a_mill, a_production, some
from tests.support.milling import day, q, receive

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def _nothing_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unit_of_work, "MAX_ATTEMPTS", 1)


@asynccontextmanager
async def row_held(table: str, row_id: UUID, strength: str) -> AsyncIterator[None]:
    """Somebody else's transaction that has locked a row."""
    async with connection() as c, c.transaction():
        await c.execute(f"select from {table} where id = $1 for {strength}", row_id)
        yield


async def until_waiting(count: int) -> None:
    """So many transactions wait for a lock."""
    while await fetchval("select count(distinct pid) from pg_sleep(0.01), pg_locks where not granted") < count:
        pass


async def test_what_is_said_of_things_does_not_wait_for_documents_that_name_them() -> None:
    mill = await a_mill()
    boss, wheat, store = mill.manager, mill.wheat.id, mill.store.id
    # A document in progress keeps what it names from vanishing, and no more than that.
    async with (
        asyncio.timeout(30),
        row_held("mill_item", wheat, "key share"),
        row_held("mill_warehouse", store, "key share"),
    ):
        await update_item(boss, item_id=wheat, changes={"weight_kg": Decimal("1.01"), "name": "Soft wheat"})
        await set_item_unit(boss, item_id=wheat, unit_name="bag 90 kg", factor=q(90))
        await set_reorder_level(boss, item_id=wheat, level=q(20))
        await set_reorder_level(boss, item_id=wheat, level=q(30), warehouse_id=store)
        await update_warehouse(boss, warehouse_id=store, changes={"capacity_kg": Decimal(5_000), "name": "Silo"})
    await mill.wheat.refresh_from_db()
    await mill.store.refresh_from_db()
    assert (mill.wheat.name, mill.wheat.weight_kg, mill.wheat.reorder_level) == ("Soft wheat", Decimal("1.01"), 20)
    assert (mill.store.name, mill.store.capacity_kg) == ("Silo", 5_000)
    await assert_integrity()


@pytest.mark.parametrize("act", ["consume", "complete", "cancel"])
async def test_a_production_is_acted_on_while_a_document_of_the_past_changes_what_it_cost(act: str) -> None:
    mill = await a_mill(wheat=0)
    await receive(mill.wheat, mill.store, 1_000, 30_000_00, at=day(2))
    milled = await a_production(mill)
    acts: dict[str, Callable[[], Awaitable[Production]]] = {
        "consume": lambda: consume_materials(mill.manager, production_id=milled.id, materials=[some(mill.wheat, 1)]),
        "complete": lambda: complete_production(mill.manager, production_id=milled.id),
        "cancel": lambda: cancel_production(mill.manager, production_id=milled.id, reason="A mistake"),
    }
    async with asyncio.timeout(30), row_held("mill_production", milled.id, "no key update"):
        acting = asyncio.ensure_future(acts[act]())
        await until_waiting(1)
        dearer = asyncio.ensure_future(receive(mill.wheat, mill.store, 1_000, 50_000_00, at=day(1)))
        await until_waiting(2)
    await asyncio.gather(acting, dearer)
    await milled.refresh_from_db()
    assert milled.status is {"consume": IN_PROGRESS, "complete": COMPLETED, "cancel": CANCELLED}[act]
    await assert_integrity()
