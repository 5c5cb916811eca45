"""Alerts: one for each crossing, noted by somebody, and never missed for long."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from domain.identity.actor import ANONYMOUS, Actor
from domain.kit.database import execute
from domain.kit.errors import DomainError, Forbidden, InvalidInput, Unauthenticated
from domain.kit.ids import new_id
from domain.kit.paging import PageRequest
from domain.milling.errors import AlertNotFound, AlertOver, ItemNotFound, WarehouseNotFound
from domain.milling.jobs import notification_check
from domain.milling.models import StockAlert
from domain.milling.queries import catalogue
from domain.milling.service.alerts import acknowledge_alerts
from domain.milling.service.items import update_item
from domain.milling.service.levels import set_reorder_level
from domain.milling.service.warehouses import update_warehouse
from domain.milling.states import AlertKind, AlertPriority, AlertState
from tests.support.catalogue import a_crew, alerts_now, refused
from tests.support.happenings import events_so_far, nothing_happens
from tests.support.milling import a_warehouse, an_item, issue, open_alerts, q, receive, stocked
from tests.support.people import a_branch
from tests.support.races import at_once

pytestmark = pytest.mark.usefixtures("database")


async def told() -> list[str]:
    """What was told of alerts: the act and the kind, in order."""
    events = [each for each in await events_so_far() if each.name.startswith("milling.alert_")]
    return [f"{each.name.removeprefix('milling.alert_')} {each.fact.alert.kind.value}" for each in events]


async def test_one_alert_for_each_crossing() -> None:
    place, item = await a_warehouse(), await an_item(reorder_level=Decimal(10))
    await stocked(item, place, 12)
    assert await alerts_now() == []
    await issue(item, place, 2)
    assert await alerts_now() == [("LOW_STOCK", "HIGH", "OPEN")], "at the level it is low"
    await issue(item, place, 3)
    assert len(await alerts_now()) == 1, "once for a crossing"
    await issue(item, place, 7)
    assert await open_alerts() == ["OUT_OF_STOCK"]
    await receive(item, place, 100, 100_000)
    assert await open_alerts() == []
    await issue(item, place, 100)
    assert await open_alerts() == ["OUT_OF_STOCK"], "from enough straight to nothing is one crossing"
    assert await told() == [
        "raised LOW_STOCK",
        "resolved LOW_STOCK",
        "raised OUT_OF_STOCK",
        "resolved OUT_OF_STOCK",
        "raised OUT_OF_STOCK",
    ]


async def test_a_level_that_is_set_raises_and_resolves() -> None:
    crew = await a_crew()
    here, there = await a_warehouse(branch_id=crew.branch.id), await a_warehouse()
    item = await an_item()
    for place in (here, there):
        await stocked(item, place, 20)

    async def set_to(level: str | None, warehouse_id: Any = None) -> list[str]:
        kept = None if level is None else q(level)
        await set_reorder_level(crew.manager, item_id=item.id, level=kept, warehouse_id=warehouse_id)
        return await open_alerts()

    assert await set_to("20") == ["LOW_STOCK", "LOW_STOCK"]
    assert await set_to("5", here.id) == ["LOW_STOCK"]
    async with nothing_happens():
        await set_to("5", here.id)
    assert await set_to("0") == [], "the other warehouse has the item's level"
    assert await set_to("30", here.id) == ["LOW_STOCK"]
    assert await set_to(None, here.id) == []
    changed, shelf = await set_reorder_level(crew.manager, item_id=item.id, level=q("1.5"), warehouse_id=there.id)
    assert shelf is not None and (shelf.reorder_level, changed.reorder_level, changed.version) == (q("1.5"), 0, 7)
    assert await notification_check.run() == 0


async def test_whose_level_and_which() -> None:
    crew, item, elsewhere = await a_crew(), await an_item(), await a_warehouse(active=False)

    async def setting(actor: Actor, **changes: Any) -> None:
        await set_reorder_level(actor, **({"item_id": item.id, "level": q(5)} | changes))

    await refused(setting(ANONYMOUS), Unauthenticated)
    await refused(setting(crew.keeper), Forbidden)
    await refused(setting(crew.manager, item_id=new_id()), ItemNotFound, "input", "itemId")
    await refused(setting(crew.manager, warehouse_id=new_id()), WarehouseNotFound, "input", "warehouseId")
    await refused(setting(crew.manager, warehouse_id=elsewhere.id), DomainError, "input", "warehouseId")
    for level in (None, q("NaN"), q(-1), q("0.0001"), q("9" * 19)):
        await refused(setting(crew.manager, level=level), InvalidInput, "input", "level")


async def test_a_warehouse_fills_up() -> None:
    crew = await a_crew()
    place, item = await a_warehouse(capacity_kg=Decimal(100)), await an_item()
    await stocked(item, place, 89)
    assert await alerts_now() == []
    await receive(item, place, 1, 100)
    assert await alerts_now() == [("WAREHOUSE_CAPACITY", "HIGH", "OPEN")]
    await update_warehouse(crew.manager, warehouse_id=place.id, changes={"capacity_kg": Decimal(90)})
    standing = [row async for row in StockAlert.exclude(state=AlertState.RESOLVED)]
    assert [(row.priority, row.used_percent, row.threshold) for row in standing] == [(AlertPriority.CRITICAL, 100, 90)]
    await update_warehouse(crew.manager, warehouse_id=place.id, changes={"capacity_kg": Decimal(1000)})
    assert await open_alerts() == []
    await update_item(crew.manager, item_id=item.id, changes={"weight_kg": Decimal(11)})
    assert await open_alerts() == ["WAREHOUSE_CAPACITY"]
    await update_warehouse(crew.manager, warehouse_id=place.id, changes={"alert_percent": 100})
    assert await open_alerts() == []
    await update_warehouse(crew.manager, warehouse_id=place.id, changes={"capacity_kg": None})
    assert await open_alerts() == [] and await notification_check.run() == 0


async def test_what_is_given_up_warns_of_nothing() -> None:
    crew, place = await a_crew(), await a_warehouse()
    item, other = await an_item(), await an_item()
    for each in (item, other):
        await stocked(each, place, 5)
        await issue(each, place, 5)
    assert len(await open_alerts()) == 2
    await update_item(crew.manager, item_id=item.id, changes={"active": False})
    assert len(await open_alerts()) == 1
    await update_warehouse(crew.manager, warehouse_id=place.id, changes={"active": False})
    assert await open_alerts() == []
    await update_warehouse(crew.manager, warehouse_id=place.id, changes={"active": True})
    await update_item(crew.manager, item_id=item.id, changes={"active": True})
    assert len(await open_alerts()) == 2


async def test_the_safety_net_finds_what_was_missed() -> None:
    place, item = await a_warehouse(capacity_kg=Decimal(50)), await an_item(reorder_level=Decimal(10))
    await stocked(item, place, 5)
    await stocked(await an_item(), place, 43)
    assert await open_alerts() == ["LOW_STOCK", "WAREHOUSE_CAPACITY"]
    await execute("delete from stock_alert")
    assert await notification_check.run() == 2
    assert sorted(await open_alerts()) == ["LOW_STOCK", "WAREHOUSE_CAPACITY"]
    async with nothing_happens():
        assert await notification_check.run() == 0
    # Somebody changed the levels without telling anybody.
    await execute("update mill_item set reorder_level = 0")
    await execute("update mill_warehouse set capacity_kg = 500")
    assert await notification_check.run() == 2
    assert await open_alerts() == []


async def test_alerts_are_noted_once() -> None:
    crew, place = await a_crew(), await a_warehouse()
    items = [await an_item() for _ in range(3)]
    for item in items:
        await stocked(item, place, 5)
        await issue(item, place, 5)
    first, second, third = [row.id for row in await StockAlert.all().order_by("raised_at", "id")]
    noted = await acknowledge_alerts(crew.manager, alert_ids=[second, first], comment=" On its way ")
    assert [(row.id, row.state, row.comment, row.acknowledged_by_id) for row in noted] == [
        (alert_id, AlertState.ACKNOWLEDGED, "On its way", crew.manager.id) for alert_id in (second, first)
    ]
    async with nothing_happens():
        again = await acknowledge_alerts(crew.manager, alert_ids=[first], comment="Me too")
    assert again[0].comment == "On its way"
    races = [acknowledge_alerts(crew.manager, alert_ids=ids) for ids in ([third, first], [first, third])]
    await at_once(races)
    assert (await told()).count("acknowledged OUT_OF_STOCK") == 3
    await receive(items[0], place, 5, 100)
    over = acknowledge_alerts(crew.manager, alert_ids=[third, first])
    await refused(over, AlertOver, "input", "alertIds", "1")
    assert (await StockAlert.get(id=first)).acknowledged_by_id == crew.manager.id, "who took note of it stays known"


async def test_whose_alerts() -> None:
    crew, stranger = await a_crew(), await a_crew()
    place, item = await a_warehouse(branch_id=crew.branch.id), await an_item()
    await stocked(item, place, 5)
    await issue(item, place, 5)
    [alert] = await StockAlert.all()
    await refused(acknowledge_alerts(ANONYMOUS, alert_ids=[alert.id]), Unauthenticated)
    await refused(acknowledge_alerts(crew.clerk, alert_ids=[alert.id]), Forbidden)
    await refused(acknowledge_alerts(stranger.keeper, alert_ids=[alert.id]), AlertNotFound, "input", "alertIds", "0")
    await refused(acknowledge_alerts(crew.keeper, alert_ids=[alert.id, new_id()]), AlertNotFound)
    for wrong in ([], [alert.id] * 101):
        await refused(acknowledge_alerts(crew.keeper, alert_ids=wrong), InvalidInput, "input", "alertIds")
    await refused(acknowledge_alerts(crew.keeper, alert_ids=[alert.id], comment="x" * 501), InvalidInput)

    async def seen(actor: Actor, **wanted: Any) -> int:
        return len((await catalogue.stock_alerts(actor, PageRequest(), catalogue.AlertFilter(**wanted))).rows)

    assert [await seen(each) for each in (crew.keeper, crew.manager, stranger.keeper)] == [1, 1, 0]
    assert await seen(crew.keeper, states=[AlertState.OPEN], kinds=[AlertKind.OUT_OF_STOCK], item_id=item.id) == 1
    assert await seen(crew.keeper, priorities=[AlertPriority.LOW]) == 0
    assert await seen(crew.keeper, warehouse_id=(await a_warehouse(branch_id=(await a_branch()).id)).id) == 0
