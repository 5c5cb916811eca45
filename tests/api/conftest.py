"""What tests of live feeds need: a relay at work."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest_asyncio

from subscriptions.relay import Relay
from tests.subscriptions.listening import broadcasting


@pytest_asyncio.fixture
async def relay(database: None, database_url: str, redis_url: str) -> AsyncIterator[Relay]:
    async with broadcasting(redis_url) as broadcast:
        relay = Relay(database_url, broadcast, poll_s=0.02)
        work = asyncio.create_task(relay.run())
        yield relay
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
