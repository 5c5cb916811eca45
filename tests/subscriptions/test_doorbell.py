"""Without the doorbell: Redis dead, silent or lying, and the hub hears everything all the same."""

from __future__ import annotations

import asyncio

import pytest

from domain.events import log
from domain.events.event import batch_to_wire
from domain.kit import database
from subscriptions.hub import Hub
from subscriptions.relay import Relay
from subscriptions.stepping import end_task
from subscriptions.transport import LOG_CHANNEL, ResilientBroadcast
from tests.subscriptions.listening import CODEC, Listener, a_hub, broadcasting, note, notes, numbered, until
from tests.subscriptions.outages import mortal_redis

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.fault("Redis is dead")
async def test_while_redis_is_dead_events_come_by_looking_at_the_log(database_url: str) -> None:
    with mortal_redis() as redis:
        async with broadcasting(redis.url) as broadcast, a_hub(database_url, redis.url) as hub:
            relay = asyncio.create_task(Relay(database_url, broadcast, poll_s=0.02).run())
            listener = Listener(hub)
            await hub.open(listener, "1", notes())
            await note(1)
            await listener.hears([1])
            redis.kill()
            await until(lambda: not hub.status().doorbell)
            for number in range(2, 6):
                await note(number)
                await listener.hears(range(1, number + 1))
            redis.start()
            await until(lambda: hub.status().doorbell)
            await note(6)
            await listener.hears(range(1, 7))
            await end_task(relay)


@pytest.mark.fault("a server starts while Redis is away")
async def test_a_hub_that_starts_without_redis_works(database_url: str, relay: Relay) -> None:
    with mortal_redis() as redis:
        redis.kill()
        async with a_hub(database_url, redis.url) as hub:
            listener = Listener(hub)
            await hub.open(listener, "1", notes())
            await note(1, 2)
            await listener.hears([1, 2])
            assert not hub.status().doorbell


async def test_a_doorbell_that_is_connected_but_never_rings_is_not_waited_for(database_url: str, redis_url: str) -> None:
    async with a_hub(database_url, redis_url) as hub:
        listener = Listener(hub)
        await hub.open(listener, "1", notes())
        await until(lambda: hub.status().doorbell)
        await note(1, 2, 3)
        await number_silently(3)
        await listener.hears([1, 2, 3])


@pytest.mark.fault("Redis delivers twice, late and in disorder")
async def test_messages_that_come_twice_late_or_in_disorder_are_told_once_and_in_order(hub: Hub, redis_url: str) -> None:
    listener = Listener(hub)
    await hub.open(listener, "1", notes())
    await note(*range(1, 11))
    await number_silently(10)
    events = await log.read_after(0)
    async with broadcasting(redis_url) as broadcast:
        for batch in (events[4:6], events[0:2], events[4:6], events[2:4], events[9:], events[5:7], events):
            await broadcast.publish(LOG_CHANNEL, batch_to_wire(batch))
        await listener.hears(range(1, 11))
        await ring_once_more(hub, broadcast)
    assert listener.numbers == list(range(1, 11))
    positions = [CODEC.decode(message["cursor"]).position for message in listener.messages]
    assert positions == list(range(11))


async def number_silently(position: int) -> None:
    """As a relay whose messages are all lost."""
    while await log.sequence(database):
        pass
    await numbered(position)


async def ring_once_more(hub: Hub, broadcast: ResilientBroadcast) -> None:
    """Everything that was published before this has been heard after it."""
    await note(11, topic="elsewhere")
    await number_silently(11)
    await broadcast.publish(LOG_CHANNEL, batch_to_wire(await log.read_after(10)))
    await until(lambda: hub.told == 11)
