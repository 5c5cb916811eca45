"""Bins that join a replay because goods in them take their cost from other bins: each from the earliest changed place."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

import pytest

from domain.kit.ids import new_id
from domain.milling.models import Item, Warehouse
from domain.milling.states import CostRule
from domain.milling.states import MovementKind as K
from domain.milling.stock import Booked
from tests.support.happenings import assert_integrity
from tests.support.milling import a_warehouse, an_item, booked, day, in_stock, issue, leg, q, receive, value_of

pytestmark = pytest.mark.usefixtures("database")


async def consume(item: Item, mill: Warehouse, quantity: int, pool_id: UUID, at: datetime) -> Booked:
    return await booked(leg(item, mill, K.PRODUCTION_CONSUME, -q(quantity), pool_id=pool_id), at=at)


async def put_out(item: Item, mill: Warehouse, quantity: int, pool_id: UUID, at: datetime) -> Booked:
    made = leg(item, mill, K.PRODUCTION_OUTPUT, quantity, pool_id=pool_id, cost_rule=CostRule.REST)
    return await booked(made, at=at)


async def test_what_was_begun_later_and_ended_earlier_is_costed_anew_too() -> None:
    """The first milling ends after the second, so that the flour is needed from the first's end, and then from before."""
    wheat, flour, mill = await an_item(), await an_item(), await a_warehouse()
    first, second = new_id(), new_id()
    await receive(wheat, mill, 100, 1_000_00, at=day(2))
    await consume(wheat, mill, 10, first, day(3))
    await consume(wheat, mill, 10, second, day(4))
    soon = await put_out(flour, mill, 10, second, day(5))
    sold = await issue(flour, mill, 4, at=day(6))
    late = await put_out(flour, mill, 10, first, day(10))
    assert [await value_of(each) for each in (soon, sold, late)] == [100_00, -40_00, 100_00]
    await receive(wheat, mill, 100, 3_000_00, at=day(1))
    assert [await value_of(each) for each in (soon, sold, late)] == [200_00, -80_00, 200_00]
    assert await in_stock(flour, mill) == (Decimal(16), 320_00)
    await assert_integrity("events", "ledger", "milling")
