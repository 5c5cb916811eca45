"""A server with sockets, and a relay at work."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest_asyncio

from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.kit.ids import new_id
from subscriptions.relay import Relay
from tests.api.sockets.talking import Place, a_place
from tests.subscriptions.listening import broadcasting

ASHA = Actor(id=new_id(), name="Asha", roles=frozenset({Role.INVESTOR}))
AUDITOR = Actor(id=new_id(), name="Bina", roles=frozenset({Role.ADMIN}))
ACTORS = {"asha": ASHA, "auditor": AUDITOR}


@pytest_asyncio.fixture
async def relay(database: None, database_url: str, redis_url: str) -> AsyncIterator[Relay]:
    async with broadcasting(redis_url) as broadcast:
        relay = Relay(database_url, broadcast, poll_s=0.02)
        work = asyncio.create_task(relay.run())
        yield relay
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)


@pytest_asyncio.fixture
async def place(relay: Relay, database_url: str, redis_url: str) -> AsyncIterator[Place]:
    async with a_place(database_url, redis_url, actors=ACTORS, origins=("https://app.example.org",)) as place:
        yield place
