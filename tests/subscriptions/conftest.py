"""A hub and a relay on the test servers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest_asyncio

from subscriptions.hub import Hub
from subscriptions.relay import Relay
from subscriptions.stepping import end_task
from tests.subscriptions.listening import a_hub, broadcasting


@pytest_asyncio.fixture
async def relay(database: None, database_url: str, redis_url: str) -> AsyncIterator[Relay]:
    """A relay at work."""
    async with broadcasting(redis_url) as broadcast:
        relay = Relay(database_url, broadcast, poll_s=0.02)
        work = asyncio.create_task(relay.run())
        yield relay
        await end_task(work)


@pytest_asyncio.fixture
async def hub(database: None, database_url: str, redis_url: str) -> AsyncIterator[Hub]:
    """A hub at work."""
    async with a_hub(database_url, redis_url) as hub:
        yield hub
