"""A connection that comes back to the pool is as new for whoever borrows it next."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest
from tortoise.exceptions import OperationalError

from domain.kit.attribution import literal
from domain.kit.database import ALIAS, connection, execute, fetchrow, fetchval, pool, tortoise_config
from domain.kit.unit_of_work import unit_of_work, unit_that_asks

pytestmark = pytest.mark.usefixtures("database")

LEFT_BEHIND = """
select current_setting('lock_timeout'), coalesce(current_setting('daftari.call', true), ''), current_setting('search_path'),
       (select count(*) from pg_locks where locktype = 'advisory'), (select count(*) from pg_cursors)
"""
AWKWARD = ("it's", "\\", "a\\'b", "'; drop table wallet; --", "E'x'", "$1 %s {0}", "\n\t\x01", "नमस्ते 🎉", "")
STILL_ASLEEP = """
select count(*) from pg_stat_activity where pid <> pg_backend_pid() and state = 'active' and query like '%pg_sleep(30)%'
"""
LOCAL = "set local lock_timeout = '3s'; set local search_path = pg_temp; select pg_advisory_xact_lock(7)"


async def test_of_a_unit_that_ended_nothing_is_left() -> None:
    as_new = await fetchrow(LEFT_BEHIND)
    async with unit_of_work() as work:
        await work.execute(LOCAL)
        async for _ in work.connection.cursor("select generate_series(1, 9)", prefetch=2):
            break
        assert await work.fetchrow(LEFT_BEHIND) != as_new
    assert await fetchrow(LEFT_BEHIND) == as_new
    with pytest.raises(ZeroDivisionError):
        async with unit_of_work() as work:
            await work.execute(LOCAL)
            raise ZeroDivisionError
    assert await fetchrow(LEFT_BEHIND) == as_new


async def test_statements_that_are_sent_together_set_nothing_when_one_fails() -> None:
    as_new = await fetchrow(LEFT_BEHIND)
    with pytest.raises(asyncpg.UndefinedTableError):
        await execute("set lock_timeout = '3s'; drop table nobody_has_this; reset lock_timeout")
    assert await fetchrow(LEFT_BEHIND) == as_new


async def test_a_transaction_that_was_left_open_is_undone() -> None:
    as_new = await fetchrow(LEFT_BEHIND)
    borrowed = await pool().acquire()
    await borrowed.execute("begin")
    await borrowed.execute(LOCAL)
    await pool().release(borrowed)
    assert await fetchrow(LEFT_BEHIND) == as_new
    assert await fetchval("select count(*) from pg_stat_activity where state like 'idle in transaction%'") == 0


async def test_a_statement_that_nobody_waits_for_any_more_is_over_before_the_next() -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01), connection() as c:
            await c.execute("select pg_sleep(30)")
    assert await fetchval(STILL_ASLEEP) == 0


async def test_a_connection_that_the_server_ended_is_not_lent_again() -> None:
    with pytest.raises((asyncpg.PostgresConnectionError, asyncpg.AdminShutdownError)):
        async with unit_of_work() as work:
            own = await work.fetchval("select pg_backend_pid()")
            await work.execute("select pg_terminate_backend($1)", own)
    for _ in range(3):
        assert await fetchval("select pg_backend_pid()") != own


@pytest.mark.parametrize("conforming", ["on", "off"])
async def test_a_literal_is_the_text_that_it_was_made_of(conforming: str) -> None:
    async with unit_of_work() as work:
        await work.execute(f"set local standard_conforming_strings = {conforming}; set local escape_string_warning = off")
        for text in AWKWARD:
            assert await work.fetchval(f"select {literal(text)}::text") == text


async def test_the_first_question_rides_on_begin_once_and_says_how_many_it_found() -> None:
    for rows in (0, 3):
        async with unit_that_asks(f"select from generate_series(1, {rows})") as work:
            assert work.first_answer == f"SELECT {rows}"
            async with work.savepoint():
                assert await work.fetchval("select 1") == 1
        async with unit_of_work() as work:
            assert work.connection.first_question is None
            assert work.first_answer == ""


async def test_a_first_question_that_fails_leaves_nothing() -> None:
    as_new = await fetchrow(LEFT_BEHIND)
    with pytest.raises(OperationalError, match="division by zero"):
        async with unit_that_asks("select pg_advisory_xact_lock(7), 1 / 0"):
            raise AssertionError("it has not begun")
    assert await fetchrow(LEFT_BEHIND) == as_new


async def test_what_a_url_says_of_encryption_is_heard(database_url: str) -> None:
    """The database of the tests cannot encrypt, so who asks for it is turned away."""
    asked = f"{database_url}?sslmode=require"
    settings = tortoise_config(asked)["connections"][ALIAS]["credentials"]
    with pytest.raises(ConnectionError, match="SSL"):
        await asyncpg.connect(dsn=settings["dsn"], host=settings["host"], port=settings["port"], user=settings["user"])
