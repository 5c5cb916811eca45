"""The installation that every story here begins with: the demo story told, made once and copied for each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.api.processes.installation import tell_demo_story
from tests.support.homes import open_home


@pytest_asyncio.fixture(scope="session")
async def told_home() -> AsyncIterator[Path]:
    """A home whose servers are stopped, with everything in it that `migrate` and `seed` make."""
    with open_home() as home:
        await tell_demo_story(home)
        yield home
