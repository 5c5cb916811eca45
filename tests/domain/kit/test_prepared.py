"""Statements that a connection keeps prepared: the latest so many, and none that a change of a table has made useless."""

from __future__ import annotations

from unittest.mock import patch

import asyncpg
import pytest

from domain.kit import prepared
from domain.kit.database import connection, execute, fetch_as
from domain.kit.unit_of_work import unit_of_work
from tests.support.statements import statements

pytestmark = pytest.mark.usefixtures("database")


class Found(asyncpg.Record):
    """What is fetched here."""

    __slots__ = ()


async def test_rows_are_of_the_class_that_is_asked_for() -> None:
    with statements() as asked:
        for number in (1, 2):
            [row] = await fetch_as(Found, "select $1::int + 1 as next", number)
            assert type(row) is Found and row["next"] == number + 1
    assert asked == ["select $1::int + 1 as next"] * 2


async def test_only_so_many_are_kept() -> None:
    kept = "select count(*) from pg_prepared_statements where statement like 'select % as kept'"
    async with unit_of_work() as work:
        with patch.object(prepared, "MAX_KEPT", 2):
            for number in range(5):
                await fetch_as(Found, f"select {number} as kept")
            assert await work.fetchval(kept) <= 3


async def test_a_statement_survives_a_change_of_its_table() -> None:
    await execute("create table changing (a int)")
    try:
        await execute("insert into changing values (1)")
        asked = "select * from changing"
        assert [tuple(row) for row in await fetch_as(Found, asked)] == [(1,)]
        await execute("alter table changing add b text default 'x'")
        for _ in range(3):
            assert [tuple(row) for row in await fetch_as(Found, asked)] == [(1, "x")]
        await fetch_as(Found, asked)
        await execute("alter table changing drop b")
        with pytest.raises(asyncpg.PostgresError):
            async with unit_of_work():
                await fetch_as(Found, asked)
        assert [tuple(row) for row in await fetch_as(Found, asked)] == [(1,)]
    finally:
        await execute("drop table changing")


async def test_a_failure_leaves_the_connection_in_doubt() -> None:
    async with connection() as own:
        with pytest.raises(asyncpg.DivisionByZeroError):
            await prepared.Prepared(own).fetch("select 1 / $1::int", Found, (0,))
        assert own.in_doubt
    assert [tuple(row) for row in await fetch_as(Found, "select 1")] == [(1,)]
