"""The relay: numbers whatever happens, one leads, and nobody waits for Redis."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from domain.events import log, outbox
from domain.events.event import batch_from_wire
from domain.kit.database import fetchval
from domain.kit.unit_of_work import unit_of_work
from subscriptions.hints import Hints
from subscriptions.relay import Relay
from subscriptions.stepping import end_task
from subscriptions.transport import HINT_CHANNEL, LOG_CHANNEL, Gap, ResilientBroadcast
from tests.subscriptions.listening import Noted, broadcasting, kill_connections, note, numbered, until
from tests.subscriptions.outages import mortal_redis

pytestmark = pytest.mark.usefixtures("database")

NEVER_S = 3_600.0


@asynccontextmanager
async def relaying(database_url: str, broadcast: ResilientBroadcast, *, poll_s: float = 0.02) -> AsyncIterator[Relay]:
    relay = Relay(database_url, broadcast, poll_s=poll_s)
    work = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        await end_task(work)


async def test_events_are_numbered_published_and_gone_from_the_outbox(database_url: str, redis_url: str) -> None:
    async with (
        broadcasting(redis_url) as broadcast,
        broadcast.subscribe(LOG_CHANNEL) as messages,
        relaying(database_url, broadcast) as relay,
    ):
        await note(1, 2, 3)
        heard = batch_from_wire((await messages.get()).message)
        assert [logged.position for logged in heard] == [1, 2, 3]
        assert [logged.fact.number for logged in heard] == [1, 2, 3]
        assert await log.read_after(0) == heard
        assert await fetchval("select count(*) from outbox") == 0
        assert (relay.status.sequenced, relay.status.position, relay.status.leads) == (3, 3, True)


async def test_a_hint_wakes_it_long_before_its_next_poll(database_url: str, redis_url: str) -> None:
    async with (
        broadcasting(redis_url) as broadcast,
        broadcasting(redis_url) as elsewhere,
        relaying(database_url, broadcast, poll_s=NEVER_S) as relay,
    ):
        await until(lambda: relay.status.leads and HINT_CHANNEL in broadcast._open_channels)
        hints = Hints(elsewhere)
        hints.start()
        for number in range(1, 4):
            await note(number)
            await numbered(number)
        await hints.stop()
        await note(4)
        await asyncio.sleep(0.05)
        assert (await log.head()).position == 3, "nobody rings any more"


async def test_what_is_rolled_back_rings_no_bell(database_url: str, redis_url: str) -> None:
    async with broadcasting(redis_url) as broadcast, broadcast.subscribe(HINT_CHANNEL) as bell:
        hints = Hints(broadcast)
        hints.start()
        with pytest.raises(ZeroDivisionError):
            async with unit_of_work() as work:
                work.record(Noted(topic="notes", number=1))
                raise ZeroDivisionError
        await note(2)
        await bell.get()
        await hints.stop()
        assert bell._queue.empty()


@pytest.mark.fault("the relay that leads loses its database session, and another one follows")
async def test_one_of_many_leads_and_another_follows_when_it_dies(database_url: str, redis_url: str) -> None:
    async with broadcasting(redis_url) as broadcast, relaying(database_url, broadcast) as first:
        await until(lambda: first.status.leads)
        async with relaying(database_url, broadcast) as second:
            await note(1)
            await numbered(1)
            assert (first.status.leads, second.status.leads) == (True, False)
            first_work = first._wake
            assert first_work is not None
            await kill_connections("relay")
            await until(lambda: first.status.leads or second.status.leads)
            await note(2)
            await numbered(2)
            assert first.status.failures + second.status.failures >= 1


async def test_without_redis_it_numbers_all_the_same(database_url: str) -> None:
    with mortal_redis() as mortal:
        async with broadcasting(mortal.url) as broadcast:
            await until(lambda: broadcast.backend.connected)
            async with relaying(database_url, broadcast) as relay:
                mortal.kill()
                for number in range(1, 21):
                    await note(number)
                await numbered(20)
                await until(lambda: relay.status.unpublished)
                mortal.start()
                await until(lambda: broadcast.backend.connected)
                async with broadcast.subscribe(LOG_CHANNEL) as messages:
                    await note(21)
                    while isinstance(message := await messages.get(), Gap):
                        pass
                    assert batch_from_wire(message.message)[-1].position == 21


@pytest.mark.fault("a writer keeps its transaction open long")
async def test_a_transaction_that_stays_open_long_comes_when_it_commits_and_holds_up_nobody(
    database_url: str, redis_url: str
) -> None:
    """Its outbox id is smaller than the others'; a reader that went by ids would have gone past it."""
    gate, written = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        async with unit_of_work() as work:
            work.record(Noted(topic="notes", number=1))
            await outbox.write(work)
            work.events.clear()
            written.set()
            await gate.wait()

    async with broadcasting(redis_url) as broadcast, relaying(database_url, broadcast):
        task = asyncio.create_task(slow())
        await written.wait()
        await note(2)
        await note(3)
        await numbered(2)
        gate.set()
        await task
        await numbered(3)
        events = await log.read_after(0)
        assert [logged.fact.number for logged in events] == [2, 3, 1]
        assert [logged.position for logged in events] == [1, 2, 3]
