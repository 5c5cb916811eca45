"""Many at once: nobody sells the same bag twice, nobody waits in a circle, and history has one order."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextvars import Context
from decimal import Decimal

import pytest

from domain.kit.database import fetchval
from domain.kit.unit_of_work import unit_of_work
from domain.milling.errors import CapacityExceeded, InsufficientStock
from domain.milling.models import StockAlert
from domain.milling.states import AlertKind, AlertPriority, AlertState
from domain.milling.stock import Booked, book
from domain.milling.verification import verify_stock
from tests.support.happenings import assert_integrity, names_of_events
from tests.support.milling import (
    FIFO,
    K,
    a_document,
    a_warehouse,
    an_item,
    booked,
    day,
    in_stock,
    issue,
    leg,
    receive,
    stocked,
    transfer,
)
from tests.support.races import outcomes_of

pytestmark = pytest.mark.usefixtures("database")


async def all_is_well() -> None:
    await assert_integrity()
    assert await verify_stock() == []


async def test_of_a_hundred_who_want_the_last_ten_bags_ten_get_one() -> None:
    item, mill = await an_item(valuation_method=FIFO, reorder_level=Decimal(3)), await a_warehouse()
    await stocked(item, mill, 10, 1_003)
    outcomes = await outcomes_of(issue(item, mill, 1) for _ in range(100))
    sold = [each for each in outcomes if isinstance(each, Booked)]
    refused = [each for each in outcomes if isinstance(each, InsufficientStock)]
    assert (len(sold), len(refused)) == (10, 90)
    assert {(each.requested, each.available) for each in refused} == {(Decimal(1), Decimal(0))}
    assert sum(each.value_minor for each in sold) == -1_003
    assert await in_stock(item, mill) == (0, 0)
    alerts = await StockAlert.all().order_by("raised_at", "id")
    assert [(alert.kind, alert.state) for alert in alerts] == [
        (AlertKind.LOW_STOCK, AlertState.RESOLVED),
        (AlertKind.OUT_OF_STOCK, AlertState.OPEN),
    ]
    names = Counter(await names_of_events())
    assert (names["milling.alert_raised"], names["milling.alert_resolved"]) == (2, 1)
    await all_is_well()


async def test_transfers_that_cross_each_other_all_arrive() -> None:
    items = [await an_item() for _ in range(3)]
    here, there = await a_warehouse(), await a_warehouse()
    for item in items:
        await stocked(item, here, 100)
        await stocked(item, there, 100)
    acts = []
    for number in range(30):
        source, target = (here, there) if number % 2 else (there, here)
        turned = items if number % 3 else items[::-1]
        legs = []
        for line, item in enumerate(turned, 1):
            out = leg(item, source, K.TRANSFER_OUT, -1, line_no=line)
            legs += [out, leg(item, target, K.TRANSFER_IN, 1, source_id=out.id, line_no=line)]
        acts.append(booked(*legs))
    outcomes = await outcomes_of(acts)
    assert [each for each in outcomes if isinstance(each, BaseException)] == []
    assert [await in_stock(item, place) for item in items for place in (here, there)] == [(100, 100_000)] * 6
    await all_is_well()


async def test_bins_come_into_being_once() -> None:
    item, mill = await an_item(), await a_warehouse()
    outcomes = await outcomes_of(receive(item, mill, 1, 100) for _ in range(20))
    assert all(isinstance(each, Booked) for each in outcomes)
    assert await in_stock(item, mill) == (20, 2_000)
    await all_is_well()


async def test_two_do_not_fill_the_same_space() -> None:
    items, silo = [await an_item() for _ in range(20)], await a_warehouse(capacity_kg=Decimal(100))
    outcomes = await outcomes_of(receive(item, silo, 10, 100) for item in items)
    assert Counter(type(each) for each in outcomes) == {Booked: 10, CapacityExceeded: 10}
    await all_is_well()


async def test_what_is_dated_back_and_what_happens_now_meet_in_one_history() -> None:
    item, here, there = await an_item(valuation_method=FIFO), await a_warehouse(), await a_warehouse()
    await receive(item, here, 50, 5_000, at=day(1))
    await receive(item, there, 50, 7_000, at=day(1))
    acts = [receive(item, here, 1, 10 + number, at=day(2 + number)) for number in range(5)]
    acts += [issue(item, here, 1, at=day(12 + number)) for number in range(3)]
    acts += [issue(item, place, 1) for place in (here, there) for _ in range(6)]
    acts += [transfer(item, there, here, 2) for _ in range(5)]
    acts += [transfer(item, here, there, 1, at=day(20)) for _ in range(3)]
    outcomes = await outcomes_of(acts)
    assert [each for each in outcomes if isinstance(each, BaseException)] == []
    assert (await in_stock(item, here))[0] + (await in_stock(item, there))[0] == 105 - 15
    await all_is_well()


async def test_two_who_take_from_a_full_warehouse_at_once_make_it_less_full_once() -> None:
    one, other, silo = await an_item(), await an_item(), await a_warehouse(capacity_kg=Decimal(100))
    await booked(*(leg(item, silo, K.RECEIPT, 50, value_minor=100) for item in (one, other)))
    assert [each.priority for each in await StockAlert.filter(state=AlertState.OPEN)] == [AlertPriority.CRITICAL]
    async with asyncio.timeout(30):
        async with unit_of_work() as work:
            await book(work, a_document(), [leg(one, silo, K.ISSUE, -4)])
            # In a context of its own, for it is somebody else's.
            second = asyncio.create_task(issue(other, silo, 4), context=Context())
            while not await fetchval("select exists (select from pg_sleep(0.01), pg_locks where not granted)"):
                pass
        await second
    assert [each.priority for each in await StockAlert.filter(state=AlertState.OPEN)] == [AlertPriority.HIGH]
    names = Counter(await names_of_events())
    assert (names["milling.alert_raised"], names["milling.alert_resolved"]) == (2, 1)
    await all_is_well()
