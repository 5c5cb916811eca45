"""The journeys go on at once, each told by its own module; each test waits for its own."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import pytest_asyncio

from tests.journeys import test_1_mill, test_2_school_fee, test_3_mismatch, test_4_loan_for_a_fee, test_5_recovery
from tests.journeys.travelling import Road, a_road

EVERY_ONE: Final[dict[int, Callable[[Road], Awaitable[None]]]] = {
    1: test_1_mill.tell,
    2: test_2_school_fee.tell,
    3: test_3_mismatch.tell,
    4: test_4_loan_for_a_fee.tell,
    5: test_5_recovery.tell,
}

TOLD: Final = {int(each): EVERY_ONE[int(each)] for each in os.environ.get("JOURNEYS", "12345")}
"""With `JOURNEYS=24` in the environment those two alone begin."""


class Journeys:
    """All of them, begun together."""

    def __init__(self, road: Road) -> None:
        self.road = road
        self._told = {number: asyncio.create_task(self._tell(tell)) for number, tell in TOLD.items()}

    async def _tell(self, tell: Callable[[Road], Awaitable[None]]) -> None:
        try:
            await tell(self.road)
        except BaseException:
            await self.road.night.give_up()
            raise

    async def arrive(self, number: int) -> None:
        await self._told[number]

    async def all_arrive(self) -> None:
        await asyncio.gather(*self._told.values(), return_exceptions=True)

    async def stop(self) -> None:
        for task in self._told.values():
            task.cancel()
        await self.all_arrive()


@pytest_asyncio.fixture(scope="session")
async def journeys(told_home: Path) -> AsyncIterator[Journeys]:
    async with _all_of_them(told_home) as journeys:
        yield journeys


@asynccontextmanager
async def _all_of_them(told_home: Path) -> AsyncIterator[Journeys]:
    async with a_road(told_home, len(TOLD)) as road:
        journeys = Journeys(road)
        try:
            yield journeys
        finally:
            await journeys.stop()
