"""The house is built once in a process of the run: each fault leaves it as whole as it found it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.faults.house import House, a_house


@pytest_asyncio.fixture(scope="session")
async def house(told_home: Path) -> AsyncIterator[House]:
    async with a_house(told_home) as house:
        yield house
