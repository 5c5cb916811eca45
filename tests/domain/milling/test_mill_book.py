"""The book that benchmarks are taken on is a mill like any other: every invariant holds in it."""

from __future__ import annotations

import pytest

from domain.kit.database import fetchval
from domain.milling.verification import verify_stock
from tests.performance.mill_book import Size, write_book
from tests.support.happenings import assert_integrity

pytestmark = pytest.mark.usefixtures("database")


async def test_the_book_of_benchmarks_is_sound() -> None:
    size = Size(days=3, sales=280, purchases=40, productions=20, transfers=30)
    await write_book(size)
    assert await fetchval("select count(*) from stock_movement") == size.movements
    await assert_integrity()
    assert await verify_stock() == []
