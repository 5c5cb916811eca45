"""The database connections of relay and hub are cut again and again, in the midst of whatever they do."""

from __future__ import annotations

import asyncio
import random

import pytest

from subscriptions.hub import Hub
from subscriptions.relay import Relay
from subscriptions.stepping import end_task
from tests.subscriptions.listening import Listener, broadcasting, kill_connections, note, notes, until

CUTS = 60


@pytest.mark.fault("PostgreSQL ends the sessions of relay and hub in the midst of whatever they do")
async def test_relay_and_hub_outlive_every_cut(hub: Hub, database_url: str, redis_url: str) -> None:
    chance = random.Random(1)
    listener = Listener(hub)
    await hub.open(listener, "1", notes())
    async with broadcasting(redis_url) as broadcast:
        relay = Relay(database_url, broadcast, poll_s=0.001)
        work = asyncio.create_task(relay.run())
        written = 0
        for _ in range(CUTS):
            await note(*range(written, written + 20), text="x" * 1_000)
            written += 20
            await asyncio.sleep(chance.random() * 0.02)
            for part in ("relay", "hub"):
                await kill_connections(part)
            assert not work.done()
        await until(lambda: work.done() or relay.status.position == written)
        assert not work.done()
        await listener.hears(range(written))
        assert relay.status.failures > 0
        await end_task(work)
