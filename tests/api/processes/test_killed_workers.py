"""Workers that are killed in the midst of their tasks: nothing is lost, and nothing is done twice."""

from __future__ import annotations

import asyncio
import random

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
UNDONE = "select exists (select from job_task where name = $1 and state <> 'DONE')"


@pytest.mark.timeout(120)
async def test_workers_that_are_killed_lose_nothing_and_double_nothing() -> None:
    rng = random.Random(2026)
    async with an_installation() as place:
        database = await asyncpg.connect(place.servers.database_url)
        try:
            await database.execute("create table line (number int not null, attempt int not null)")
            await database.execute(LEAVE_WORK, NAME, TASKS)
            await asyncio.gather(start(place, "first"), start(place, "second"))
            for victim in ("first", "second", "first"):
                await asyncio.sleep(rng.uniform(0.3, 0.7))
                await place.kill(victim)
                await start(place, victim)
            async with asyncio.timeout(60):
                while await database.fetchval(UNDONE, NAME):  # noqa: ASYNC110  The workers are elsewhere.
                    await asyncio.sleep(0.1)
            lines = await database.fetch("select number, attempt from line order by number")
            told = await database.fetchval("select count(*) from job_task where name = $1 and last_error is not null", NAME)
        finally:
            await database.close()
    assert [line["number"] for line in lines] == list(range(1, TASKS + 1))
    assert max(line["attempt"] for line in lines) > 1, "somebody was killed in the midst of a task"
    assert told >= 1


async def start(place: Installation, name: str) -> None:
    await place.start_worker(name, module=MODULE, **IMPATIENT)
