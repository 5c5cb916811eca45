"""A server with sockets."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from subscriptions.relay import Relay
from tests.api.sockets.talking import ACTORS, Place, a_place


@pytest_asyncio.fixture
async def place(relay: Relay, database_url: str, redis_url: str) -> AsyncIterator[Place]:
    async with a_place(database_url, redis_url, actors=ACTORS, origins=("https://app.example.org",)) as place:
        yield place
