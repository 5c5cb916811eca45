"""The pool: served in turn, bounded, whole after cancellation, killed connections, a restart of the server, and closing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest

from domain.kit.attribution import AttributedConnection
from domain.kit.database import tortoise_config
from domain.kit.models_on_pool import PooledClient
from domain.kit.pool import NoConnectionInTime, Pool, PoolClosed
from tests.support.wires import a_wire_to

pytestmark = pytest.mark.usefixtures("open_pool")

MINE = "select pg_backend_pid()"
Opener = Callable[[], Awaitable[AttributedConnection]]


@pytest.fixture
def connect(database_url: str) -> Opener:
    async def connect() -> AttributedConnection:
        connection = await asyncpg.connect(database_url, connection_class=AttributedConnection)
        assert isinstance(connection, AttributedConnection)
        return connection

    return connect


@asynccontextmanager
async def a_pool(connect: Opener, size: int = 2, **limits: Any) -> AsyncIterator[Pool]:
    pool = Pool(connect, **({"min_size": 1, "max_size": size, "acquire_timeout_s": 5.0} | limits))
    await pool.open()
    try:
        yield pool
        await eventually(lambda: pool.get_idle_size() == pool.get_size())
    finally:
        pool.terminate()


async def eventually(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110  the pool has no event for what it does on its own account
            await asyncio.sleep(0.001)


async def pid_of_one(pool: Pool) -> int:
    connection = await pool.acquire()
    try:
        return int(await connection.fetchval(MINE))
    finally:
        await pool.release(connection)


async def waiting(pool: Pool, count: int) -> list[asyncio.Task[AttributedConnection]]:
    tasks = [asyncio.create_task(pool.acquire()) for _ in range(count)]
    await asyncio.sleep(0)
    return tasks


async def test_who_waits_is_served_in_turn_and_overtaken_by_nobody(connect: Opener) -> None:
    async with a_pool(connect, size=1) as pool:
        served: list[int] = []

        async def use(number: int) -> None:
            connection = await pool.acquire()
            served.append(number)
            await connection.fetchval(MINE)
            await pool.release(connection)
            # Back at once, as the busiest would be; whoever waits comes first.
            connection = await pool.acquire()
            served.append(number + 100)
            await pool.release(connection)

        await asyncio.gather(*(use(number) for number in range(5)))
        assert served == [0, 1, 2, 3, 4, 100, 101, 102, 103, 104]


async def test_never_more_than_its_limit_and_none_lent_twice(connect: Opener) -> None:
    async with a_pool(connect, size=3) as pool:
        lent: set[AttributedConnection] = set()
        all_lent = asyncio.Event()
        most = 0

        async def use() -> None:
            nonlocal most
            connection = await pool.acquire()
            assert connection not in lent
            lent.add(connection)
            most = max(most, len(lent))
            if most == 3:
                all_lent.set()
            # To connect may take longer than all that is asked, and then the last one would never be needed.
            await all_lent.wait()
            await connection.fetchval(MINE)
            lent.remove(connection)
            await pool.release(connection)

        await asyncio.gather(*(use() for _ in range(60)))
        assert most == pool.get_size() == 3
        connection = await pool.acquire()
        await pool.release(connection)
        with pytest.raises(AssertionError):
            await pool.release(connection)


async def test_waiting_has_a_limit(connect: Opener) -> None:
    async with a_pool(connect, size=1, acquire_timeout_s=0.02) as pool:
        connection = await pool.acquire()
        with pytest.raises(NoConnectionInTime):
            await pool.acquire()
        await pool.release(connection)
        assert await pid_of_one(pool)


async def test_who_stops_waiting_takes_nothing_along(connect: Opener) -> None:
    async with a_pool(connect, size=1) as pool:
        connection = await pool.acquire()
        first, second, third = await waiting(pool, 3)
        first.cancel()
        await pool.release(connection)
        # The second has been served in this moment, and goes nevertheless.
        second.cancel()
        assert await third is connection
        await pool.release(connection)
        assert [task.cancelled() for task in (first, second)] == [True, True]


@pytest.mark.fault("requests are cancelled at any moment of a transaction")
async def test_cancelled_at_any_moment_nothing_is_lost(connect: Opener) -> None:
    async with a_pool(connect, size=2) as pool:

        async def use() -> None:
            connection = await pool.acquire()
            try:
                async with connection.transaction():
                    await connection.execute("select pg_sleep(0.001)")
            finally:
                await pool.release(connection)

        for step in range(40):
            tasks = [asyncio.create_task(use()) for _ in range(4)]
            await asyncio.sleep(step / 10_000)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        async with asyncio.timeout(5):
            await asyncio.gather(*(pid_of_one(pool) for _ in range(8)))


async def test_who_gives_back_may_be_cancelled_while_the_server_is_asked(connect: Opener) -> None:
    async with a_pool(connect, size=1) as pool:
        connection = await pool.acquire()
        await connection.execute("begin")
        returning = asyncio.create_task(pool.release(connection))
        await asyncio.sleep(0)
        returning.cancel()
        again = await pool.acquire()
        assert again is connection
        assert not again.is_in_transaction()
        await pool.release(again)


async def test_a_transaction_whose_begin_was_cut_short_is_undone(connect: Opener) -> None:
    async with a_pool(connect, size=1) as pool:
        connection = await pool.acquire()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await connection.execute("begin; select pg_sleep(30)")
        await pool.release(connection)
        again = await pool.acquire()
        assert again is connection
        assert await again.fetchval("select 1") == 1
        assert not again.is_in_transaction()
        await pool.release(again)


async def test_opening_goes_on_when_the_one_who_needed_it_is_gone(connect: Opener) -> None:
    async with a_pool(connect, size=1, min_size=0) as pool:
        (gone,) = await waiting(pool, 1)
        await asyncio.sleep(0.001)
        gone.cancel()
        await eventually(lambda: pool.get_idle_size() == 1)


async def test_a_connection_that_the_server_ended_is_replaced(connect: Opener) -> None:
    async with a_pool(connect, size=1) as pool:
        before = await pid_of_one(pool)
        connection = await pool.acquire()
        (next_one,) = await waiting(pool, 1)
        with pytest.raises((asyncpg.AdminShutdownError, asyncpg.PostgresConnectionError)):
            await connection.execute("select pg_terminate_backend(pg_backend_pid())")
        await pool.release(connection)
        fresh = await next_one
        assert await fresh.fetchval(MINE) != before
        await pool.release(fresh)
        assert pool.get_size() == 1


async def test_one_that_was_ended_while_it_lay_idle_is_not_lent(connect: Opener) -> None:
    async with a_pool(connect, size=1) as pool:
        before = await pid_of_one(pool)
        killer = await connect()
        await killer.execute(f"select pg_terminate_backend({before})")
        await killer.close()
        await eventually(lambda: not pool.get_idle_size())
        assert await pid_of_one(pool) != before


async def test_one_whose_socket_outlives_it_is_not_lent_either(database_url: str) -> None:
    """The server has said that it ends the connection, and takes its time about closing the socket."""
    async with a_wire_to(database_url) as wire:
        to = urlsplit(wire.address)

        async def connect() -> AttributedConnection:
            connection = await asyncpg.connect(
                database_url, host=to.hostname, port=to.port, connection_class=AttributedConnection
            )
            assert isinstance(connection, AttributedConnection)
            return connection

        async with a_pool(connect, size=2) as pool:
            killed, killer = await pool.acquire(), await pool.acquire()
            wire.hold_open()
            idle = await killed.fetchval(MINE)
            await pool.release(killed)
            await killer.fetchval("select pg_terminate_backend($1, 5000)", idle)
            await eventually(lambda: killed.is_closed())
            other = await pool.acquire()
            assert other is not killed
            assert await other.fetchval(MINE) != idle
            await pool.release(other)
            await pool.release(killer)


async def test_what_was_lost_is_replaced_before_anybody_needs_it(connect: Opener) -> None:
    away = False

    async def sometimes() -> AttributedConnection:
        if away:
            raise ConnectionRefusedError
        return await connect()

    killer = await connect()
    async with a_pool(sometimes, size=4, min_size=3) as pool:
        lent = [await pool.acquire() for _ in range(3)]
        pids = [await connection.fetchval(MINE) for connection in lent]
        # One is lost while it is lent, the others while nobody has them, and for a while nobody can be reached.
        await pool.release(lent[1])
        await pool.release(lent[2])
        away = True
        await killer.execute("select pg_terminate_backend(pid, 5000) from unnest($1::int[]) as pid", pids)
        await eventually(lambda: pool.get_idle_size() == 0)
        await pool.release(lent[0])
        away = False
        await eventually(lambda: pool.get_idle_size() == 3)
        assert pool.get_size() == 3
        fresh = [await pool.acquire() for _ in range(3)]
        assert not {await connection.fetchval(MINE) for connection in fresh} & set(pids)
        for connection in fresh:
            await pool.release(connection)
    await killer.close()


@pytest.mark.fault("PostgreSQL starts again while requests wait for a connection")
async def test_a_server_that_starts_again_is_waited_for(connect: Opener) -> None:
    """All connections are lost at once, and for a while there is nobody to connect to."""
    refusals: list[Exception] = [
        ConnectionRefusedError(),
        asyncpg.CannotConnectNowError("the database system is starting up"),
    ]
    away = False

    async def sometimes() -> AttributedConnection:
        if away and refusals:
            raise refusals.pop()
        return await connect()

    async with a_pool(sometimes, size=2) as pool:
        lent = [await pool.acquire() for _ in range(2)]
        away = True
        tasks = await waiting(pool, 3)
        for connection in lent:
            connection.terminate()
            await pool.release(connection)
        for task in tasks:
            await pool.release(await task)
        assert refusals == []


async def test_a_server_that_stays_away_is_told_as_what_it_is(connect: Opener) -> None:
    async def never() -> AttributedConnection:
        raise ConnectionRefusedError("nobody listens")

    pool = Pool(never, min_size=0, max_size=2, acquire_timeout_s=0.1)
    with pytest.raises(ConnectionRefusedError):
        await pool.acquire()
    await eventually(lambda: pool.get_size() == 0)


async def test_what_cannot_get_better_is_told_at_once_to_everybody(database_url: str) -> None:
    async def wrong() -> AttributedConnection:
        raise asyncpg.InvalidPasswordError("who are you?")

    pool = Pool(wrong, min_size=0, max_size=1, acquire_timeout_s=5)
    results = await asyncio.gather(*(pool.acquire() for _ in range(3)), return_exceptions=True)
    assert [type(result) for result in results] == [asyncpg.InvalidPasswordError] * 3


async def test_closing_waits_for_what_is_lent_and_refuses_the_rest(connect: Opener) -> None:
    async with a_pool(connect, size=1) as pool:
        connection = await pool.acquire()
        (late,) = await waiting(pool, 1)
        closing = asyncio.create_task(pool.close())
        await asyncio.sleep(0.01)
        assert not closing.done()
        assert await connection.fetchval("select 1") == 1
        with pytest.raises(PoolClosed):
            await late
        with pytest.raises(PoolClosed):
            await pool.acquire()
        await pool.release(connection)
        await closing
        assert connection.is_closed()
        assert pool.get_size() == 0


async def test_closing_that_is_cancelled_cuts_what_is_lent(connect: Opener) -> None:
    async with a_pool(connect, size=1) as pool:
        connection = await pool.acquire()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await pool.close()
        assert connection.is_closed()
        await pool.release(connection)


async def test_those_that_nobody_needs_for_long_go(connect: Opener) -> None:
    async with a_pool(connect, size=3, idle_lifetime_s=0.05) as pool:
        lent = [await pool.acquire() for _ in range(3)]
        for connection in lent:
            await pool.release(connection)
        assert pool.get_size() == 3
        await eventually(lambda: pool.get_size() == 1)
        assert await pid_of_one(pool)


async def test_models_borrow_from_the_same_pool_with_its_limits(database_url: str) -> None:
    (settings,) = tortoise_config(database_url)["connections"].values()
    client = PooledClient(connection_name="other", **settings["credentials"])
    await client.create_connection(with_db=True)
    try:
        _, rows = await client.execute_query("select '{\"a\": 1}'::jsonb as read, current_setting('timezone') as zone")
        assert dict(rows[0]) == {"read": {"a": 1}, "zone": "UTC"}
        pool: object = client._pool
        assert isinstance(pool, Pool)
        assert pool.get_size() == client.pool_minsize
    finally:
        await client.close()
