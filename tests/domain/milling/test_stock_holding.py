"""Goods that are held back, levels at which somebody should look, and warehouses that fill up."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from domain.kit.unit_of_work import unit_of_work
from domain.milling.errors import InsufficientStock, InvalidQuantity, ItemNotInWarehouse
from domain.milling.models import StockAlert
from domain.milling.rules.levels import MOST_KG, MOST_PERCENT
from domain.milling.states import AlertKind, AlertPriority, AlertState
from domain.milling.stock import BinKey, Document, change_reorder_level, release, reserve
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens
from tests.support.milling import (
    K,
    a_document,
    a_warehouse,
    an_item,
    bin_of,
    booked,
    count_stock,
    issue,
    leg,
    open_alerts,
    q,
    receive,
    stocked,
    taken_out,
)

pytestmark = pytest.mark.usefixtures("database")


async def hold(document: Document, wanted: Mapping[BinKey, Decimal]) -> None:
    async with unit_of_work() as work:
        await reserve(work, document, wanted)


async def let_go(document: Document, quantities: Mapping[BinKey, Decimal] | None = None) -> None:
    async with unit_of_work() as work:
        await release(work, document, quantities)


async def test_what_is_held_back_is_for_its_document_alone() -> None:
    item, mill = await an_item(), await a_warehouse()
    await stocked(item, mill, 10)
    document, key = a_document(), (item.id, mill.id)
    await hold(document, {key: q(8)})
    assert ((await bin_of(item, mill)).reserved, (await bin_of(item, mill)).available) == (8, 2)
    async with nothing_happens():
        with pytest.raises(InsufficientStock) as refusal:
            await issue(item, mill, 3)
        assert (refusal.value.requested, refusal.value.available) == (3, 2)
        with pytest.raises(InsufficientStock):
            await hold(a_document(), {key: q(3)})
    await booked(leg(item, mill, K.ISSUE, -5), document=document, releases={key: q(5)})
    assert ((await bin_of(item, mill)).on_hand, (await bin_of(item, mill)).reserved) == (5, 3)
    await let_go(document)
    assert (await bin_of(item, mill)).reserved == 0
    await let_go(document)
    told = [logged.fact for logged in await events_so_far() if logged.name == "milling.stock_reserved"]
    assert [fact.bins[0].reserved for fact in told] == [8, 0]
    versions = [fact.bins[0].version for fact in told]
    assert versions == sorted(set(versions))
    await assert_integrity()


async def test_holding_back_is_all_or_nothing_and_reads_numbers_strictly() -> None:
    item, other, mill = await an_item(), await an_item(), await a_warehouse()
    await stocked(item, mill, 10)
    await stocked(other, mill, 1)
    key, none = (item.id, mill.id), (item.id, (await a_warehouse()).id)
    async with nothing_happens():
        with pytest.raises(InsufficientStock):
            await hold(a_document(), {key: q(5), (other.id, mill.id): q(2)})
        with pytest.raises(ItemNotInWarehouse):
            await hold(a_document(), {none: q(1)})
        for wrong in ("0", "-1", "0.0001", "NaN", "1e12"):
            with pytest.raises(InvalidQuantity):
                await hold(a_document(), {key: q(wrong)})


async def test_goods_that_are_held_back_do_not_leave_by_a_cancellation() -> None:
    item, mill = await an_item(), await a_warehouse()
    await stocked(item, mill, 5)
    got = await receive(item, mill, 5, 100)
    await hold(a_document(), {(item.id, mill.id): q(8)})
    async with nothing_happens():
        with pytest.raises(InsufficientStock) as refusal:
            await taken_out(got)
    assert (refusal.value.requested, refusal.value.available) == (5, 2)
    await count_stock(item, mill, 7)
    assert (await bin_of(item, mill)).available == -1
    await assert_integrity()


async def test_an_alert_is_raised_once_for_each_crossing() -> None:
    item, mill = await an_item(reorder_level=Decimal(5)), await a_warehouse()
    await stocked(item, mill, 10)
    assert await open_alerts() == []
    await issue(item, mill, 5)
    await issue(item, mill, 1)
    assert await open_alerts() == ["LOW_STOCK"]
    await issue(item, mill, 4)
    assert await open_alerts() == ["OUT_OF_STOCK"]
    await receive(item, mill, 2, 10)
    assert await open_alerts() == ["LOW_STOCK"]
    await receive(item, mill, 20, 10)
    assert await open_alerts() == []
    out = await issue(item, mill, 22)
    assert await open_alerts() == ["OUT_OF_STOCK"]
    await taken_out(out)
    assert await open_alerts() == []
    assert await StockAlert.all().count() == 4
    first = await StockAlert.all().order_by("raised_at").first()
    assert first is not None
    assert (first.priority, first.on_hand, first.threshold) == (AlertPriority.HIGH, 5, 5)
    await assert_integrity()


async def test_a_level_that_changes_raises_and_resolves_by_itself() -> None:
    item, here, there = await an_item(), await a_warehouse(), await a_warehouse()
    await stocked(item, here, 10)
    await stocked(item, there, 10)
    async with unit_of_work() as work:
        await change_reorder_level(work, item_id=item.id, warehouse_id=there.id, level=Decimal(4))
        await change_reorder_level(work, item_id=item.id, level=Decimal(12))
    assert await open_alerts() == ["LOW_STOCK"]
    async with unit_of_work() as work:
        await change_reorder_level(work, item_id=item.id, warehouse_id=there.id, level=None)
    assert await open_alerts() == ["LOW_STOCK", "LOW_STOCK"]
    async with unit_of_work() as work:
        await change_reorder_level(work, item_id=item.id, level=Decimal(0))
    assert await open_alerts() == []
    await assert_integrity()


async def test_a_count_that_no_warehouse_holds_is_told_as_far_as_an_alert_can() -> None:
    item, silo = await an_item(weight_kg=Decimal(10**6)), await a_warehouse(capacity_kg=Decimal(2_000))
    await receive(item, silo, "0.001", 1)
    await count_stock(item, silo, 999_999_999_999)
    [alert] = await StockAlert.all()
    assert (alert.priority, alert.used_percent, alert.on_hand) == (AlertPriority.CRITICAL, MOST_PERCENT, MOST_KG)
    await assert_integrity()


async def test_a_warehouse_that_fills_up_is_told_of_once_and_again_when_it_is_full() -> None:
    item, silo = await an_item(), await a_warehouse(capacity_kg=Decimal(100))
    await stocked(item, silo, 80)
    assert await open_alerts() == []
    await receive(item, silo, 10, 1)
    await receive(item, silo, 5, 1)
    [alert] = await StockAlert.all()
    assert (alert.kind, alert.priority, alert.used_percent, alert.threshold) == (
        AlertKind.WAREHOUSE_CAPACITY,
        AlertPriority.HIGH,
        90,
        100,
    )
    await receive(item, silo, 5, 1)
    assert [each.priority for each in await StockAlert.exclude(state=AlertState.RESOLVED)] == [AlertPriority.CRITICAL]
    await issue(item, silo, 5)
    assert [each.priority for each in await StockAlert.exclude(state=AlertState.RESOLVED)] == [AlertPriority.HIGH]
    await issue(item, silo, 6)
    assert await open_alerts() == []
    await assert_integrity()
