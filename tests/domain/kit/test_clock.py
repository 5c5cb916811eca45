"""The clock that a block sets goes on by itself when the block is over, whatever else was set meanwhile."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from domain.kit import clock
from domain.kit.clock import clock_set_to

NOON = datetime(2030, 3, 4, 12, tzinfo=UTC)
EVENING = datetime(2030, 3, 4, 18, tzinfo=UTC)


async def test_blocks_that_run_at_once_end_in_any_order() -> None:
    entered, ended = asyncio.Event(), asyncio.Event()

    async def first() -> None:
        with clock_set_to(NOON):
            await entered.wait()
        ended.set()

    async def second() -> None:
        with clock_set_to(lambda: EVENING):
            entered.set()
            await ended.wait()
            assert clock.now() == EVENING

    await asyncio.gather(first(), second())
    assert clock.now() < NOON


def test_inside_a_block_another_may_be_set() -> None:
    with clock_set_to(NOON):
        with clock_set_to(EVENING), clock_set_to(EVENING):
            assert (clock.now(), clock.today()) == (EVENING, EVENING.date())
        assert clock.now() == NOON
    assert clock.now() < NOON
