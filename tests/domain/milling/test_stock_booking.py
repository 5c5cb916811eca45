"""Booking as it happens: movements, bins, days, the journal, alerts, and what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain.milling.accounts import COST_OF_GOODS_SOLD, NOT_BILLED, RAW_MATERIALS
from tests.support.happenings import assert_integrity, names_of_events
from tests.support.milling import FIFO, a_warehouse, an_item, in_books, in_stock, issue, q, receive

pytestmark = pytest.mark.usefixtures("database")


async def test_what_comes_in_and_goes_out_is_in_the_bin_and_in_the_books() -> None:
    item, mill = await an_item(valuation_method=FIFO), await a_warehouse()
    await receive(item, mill, 300, 6_000_00)
    await receive(item, mill, 100, 2_020_00)
    sold = await issue(item, mill, 350)
    assert [(each.quantity, each.value.amount_minor, each.on_hand) for each in sold.moved] == [
        (q(-350), -(6_000_00 + 1_010_00), q(50))
    ]
    assert await in_stock(item, mill) == (Decimal(50), 1_010_00)
    assert await in_books(RAW_MATERIALS) == 1_010_00
    assert await in_books(COST_OF_GOODS_SOLD) == 7_010_00
    assert await in_books(NOT_BILLED) == -8_020_00
    assert (await names_of_events()).count("milling.stock_moved") == 3
    await assert_integrity("events", "ledger")
