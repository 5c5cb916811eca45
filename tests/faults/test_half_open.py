"""Connections of which only one side knows that they are over."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import asyncpg
import pytest

from domain.events import log
from domain.kit import attribution
from domain.kit.database import PoolLimits, pool
from domain.kit.unit_of_work import unit_of_work
from subscriptions.relay import Relay
from subscriptions.stepping import end_task
from tests.faults.house import behind
from tests.faults.test_crowded import pool_of
from tests.subscriptions.listening import broadcasting, note, numbered, until
from tests.support.wires import a_wire_to
from tests.trust.recording import Figures

SILENT_S = 1.0
PATIENCE_S = 10.0
"""A third of what a statement may take."""


@pytest.mark.usefixtures("database")
@pytest.mark.fault("the network forgets the connection of the relay that leads, and tells neither side")
async def test_a_leader_that_the_network_has_forgotten_gives_way(
    database_url: str, redis_url: str, figures: Figures
) -> None:
    """PostgreSQL, which would keep the lock of a session for hours that nobody ended, has not heard of it for too long."""
    async with AsyncExitStack() as stack:
        broadcast = await stack.enter_async_context(broadcasting(redis_url))
        wire = await stack.enter_async_context(a_wire_to(database_url))
        lost = Relay(behind(wire, database_url), broadcast, poll_s=0.02, silent_s=SILENT_S)
        next_one = Relay(database_url, broadcast, poll_s=0.02, silent_s=SILENT_S)
        works = [asyncio.create_task(lost.run())]
        try:
            await until(lambda: lost.status.leads)
            await note(1)
            await numbered(1)
            works.append(asyncio.create_task(next_one.run()))
            wire.forget()
            await note(2)
            await numbered(2)
            assert next_one.status.leads
            assert lost.status.leads, "it cannot know yet"
            await note(3, 4)
            await numbered(4)
        finally:
            for work in works:
                await end_task(work)
        assert [logged.fact.number for logged in await log.read_after(0)] == [1, 2, 3, 4]
    figures.add("takeovers", 1)


@pytest.mark.usefixtures("database")
@pytest.mark.fault("the relay that leads is suspended, and wakes when another one leads")
async def test_a_leader_that_slept_numbers_nothing_twice(database_url: str, redis_url: str, figures: Figures) -> None:
    async with AsyncExitStack() as stack:
        broadcast = await stack.enter_async_context(broadcasting(redis_url))
        wire = await stack.enter_async_context(a_wire_to(database_url))
        sleeper = Relay(behind(wire, database_url), broadcast, poll_s=0.02, silent_s=SILENT_S)
        other = Relay(database_url, broadcast, poll_s=0.02, silent_s=SILENT_S)
        works = [asyncio.create_task(sleeper.run())]
        try:
            await until(lambda: sleeper.status.leads)
            await note(0)
            await numbered(1)
            works.append(asyncio.create_task(other.run()))
            wire.stall()
            await note(*range(1, 5))
            await numbered(5)
            assert other.status.leads
            wire.mend()
            await until(lambda: sleeper.status.failures)
            await note(*range(5, 10))
            await numbered(10)
        finally:
            for work in works:
                await end_task(work)
        events = await log.read_after(0)
        assert [logged.fact.number for logged in events] == list(range(10))
        assert [logged.position for logged in events] == list(range(1, 11))
    figures.add("takeovers", 1)


@pytest.mark.usefixtures("database")
@pytest.mark.fault("the network forgets the connections of a server in the midst of transactions")
async def test_who_was_forgotten_in_the_midst_is_not_waited_for(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An operation ends when its time is over, although nobody answers a ROLLBACK either; and others go on."""
    monkeypatch.setattr(attribution, "ROLL_BACK_WITHIN_S", 0.2)
    async with a_wire_to(database_url) as wire, pool_of(behind(wire, database_url), PoolLimits(min_size=1, max_size=2)):
        forgotten = 0
        async with asyncio.timeout(PATIENCE_S):
            with pytest.raises((TimeoutError, asyncpg.InterfaceError)):
                async with unit_of_work() as work, work.savepoint():
                    forgotten = await work.fetchval("select pg_backend_pid()")
                    wire.forget()
                    async with asyncio.timeout(0.1):
                        await work.fetchval("select 1")
        async with unit_of_work() as work:
            assert await work.fetchval("select pg_backend_pid()") not in (0, forgotten)
        assert pool().get_size() <= 2
