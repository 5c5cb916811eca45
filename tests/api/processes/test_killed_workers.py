"""Workers that are killed in the midst of their tasks: nothing is lost, and nothing is done twice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg
import pytest

from tests.api.processes.busy_worker import NAME
from tests.api.processes.installation import Installation, an_installation

TASKS = 150
MODULE = "tests.api.processes.busy_worker"
IMPATIENT = {"DAFTARI_JOB_LEASE_S": "1"}

LEAVE_WORK = """
insert into job_task (id, name, payload, run_after, max_attempts, correlation_id, created_at)
select gen_random_uuid(), $1, jsonb_build_object('number', number), now(), 20, gen_random_uuid(), now()
from generate_series(1, $2::int) as number
"""
UNDONE = "select count(*) from job_task where name = $1 and state <> 'DONE'"
AT_WORK = "select count(*) from job_task where name = $1 and state = 'RUNNING'"


@pytest.mark.fault("workers are killed in the midst of queued tasks")
@pytest.mark.timeout(180)
async def test_workers_that_are_killed_lose_nothing_and_double_nothing(told_home: Path) -> None:
    async with an_installation(told_home) as place:
        database = await asyncpg.connect(place.servers.database_url)
        try:
            await database.execute("create table line (number int not null, attempt int not null)")
            await database.execute(LEAVE_WORK, NAME, TASKS)
            await start(place, "first")
            await _until(lambda: database.fetchval(AT_WORK, NAME))
            await place.kill("first")
            left = await database.fetchval(UNDONE, NAME)
            await asyncio.gather(start(place, "first"), start(place, "second"))
            await _until(lambda: _fewer(database, left))
            await place.kill("second")
            await _until(lambda: _none(database))
            lines = await database.fetch("select number, attempt from line order by number")
            told = await database.fetchval("select count(*) from job_task where name = $1 and last_error is not null", NAME)
        finally:
            await database.close()
    assert [line["number"] for line in lines] == list(range(1, TASKS + 1))
    assert max(line["attempt"] for line in lines) > 1, "somebody was killed in the midst of a task"
    assert told >= 1


async def start(place: Installation, name: str) -> None:
    await place.start_worker(name, module=MODULE, **IMPATIENT)


async def _fewer(database: asyncpg.Connection, left: int) -> bool:
    return bool(await database.fetchval(UNDONE, NAME) < left)


async def _none(database: asyncpg.Connection) -> bool:
    return bool(await database.fetchval(UNDONE, NAME) == 0)


async def _until(look: Callable[[], Awaitable[object]]) -> None:
    """Look again and again: what happens, happens in other processes."""
    async with asyncio.timeout(90):
        while not await look():  # noqa: ASYNC110
            await asyncio.sleep(0.02)
