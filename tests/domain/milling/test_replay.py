"""The mill's figures follow from the log alone, also where something was put in or taken out long ago."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from domain.events.replay import replay_figures
from domain.identity.permissions import Role
from domain.kit.clock import clock_set_to
from domain.kit.database import execute, fetchval
from domain.kit.money import Money
from domain.milling import settings
from domain.milling.service.items import NewItem, create_item, update_item
from domain.milling.service.levels import set_reorder_level
from domain.milling.service.partners import upsert_supplier
from domain.milling.service.warehouses import NewWarehouse, open_warehouse
from domain.milling.states import ItemCategory, MovementKind
from domain.milling.stock import telling
from tests.support.happenings import names_of_events
from tests.support.milling import count_stock, day, issue, receive, take_back, taken_out, transfer
from tests.support.people import a_branch, somebody
from tests.support.purchases import Mill, a_purchase, ordered, sent_back

pytestmark = pytest.mark.usefixtures("database")


async def test_what_is_dated_back_taken_back_and_returned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "MOST_POSTINGS", 2)
    branch = await a_branch()
    miller = somebody(Role.MILL_MANAGER, branch=branch)
    with clock_set_to(day(20)):
        wheat = await create_item(miller, item=NewItem(code="WHEAT", name="Wheat", category=ItemCategory.RAW_MATERIAL))
        store = await open_warehouse(miller, warehouse=NewWarehouse(code="STORE", name="Store", branch_id=branch.id))
        depot = await open_warehouse(miller, warehouse=NewWarehouse(code="DEPOT", name="Depot"))
        await receive(wheat, store, 100, 100_00, at=day(3))
        sold = await issue(wheat, store, 30, at=day(5))
        await take_back(sold, 10, at=day(6))
        await transfer(wheat, store, depot, 20, at=day(7))
        await count_stock(wheat, store, 55, at=day(8))
        dearer = await receive(wheat, store, 100, 300_00, at=day(4))
        wrong = await issue(wheat, store, 5, at=day(9), kind=MovementKind.ISSUE)
        await taken_out(wrong)
        await set_reorder_level(miller, item_id=wheat.id, level=Decimal(500), warehouse_id=store.id)
        await update_item(miller, item_id=wheat.id, changes={"reorder_level": Decimal(1)})
        supplier = (await upsert_supplier(miller, said={"name": "Eldoret Growers"})).partner
        keeper, cashier = somebody(Role.STOREKEEPER, branch=branch), somebody(Role.CASHIER, branch=branch)
        mill = Mill(branch, store, miller, keeper, cashier, supplier)
        await sent_back(mill, await a_purchase(mill, ordered(wheat, 40, 10)), 15)
        assert (await names_of_events()).count("milling.postings_changed") >= 2, "told in several parts"
        replayed = await replay_figures(tmp_path)
        assert replayed.differences == []
        currency = settings.current().currency
        value = await fetchval("select sum(value_minor)::bigint from stock_bin")
        assert replayed.figures[f"milling.all.{currency}.inventory.stock_value"] == str(Money(value, currency))
        assert replayed.figures[f"milling.all.{currency}.inventory.low"] == "1"
        await execute(
            "update stock_posting set value_minor = value_minor + 1 where movement_id = $1", dearer.moved[0].movement_id
        )
        wrong_ones = {each.figure for each in (await replay_figures(tmp_path)).differences}
    assert f"milling.all.{currency}.stock_movements.last_30_days.received_value" in wrong_ones
