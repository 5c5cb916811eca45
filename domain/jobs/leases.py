"""Who works on what: taking tasks, keeping them, giving them back, and finding those that a dead worker had.

A task that runs is leased for some seconds and renewed while its worker lives. Leases follow the clock of the database,
so that machines need not agree about the time.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import asyncpg

from domain.jobs.events import JobTaskDied, JobTasksSuperseded
from domain.jobs.queue import Attempt, Queue
from domain.kit import clock
from domain.kit.context import CallContext
from domain.kit.database import fetch, fetchval
from domain.kit.unit_of_work import Work, retried, unit_of_work

MAX_ERROR_LENGTH: Final = 2_000
WORKER_LOST: Final = "the worker was lost in the midst of it"

_CLAIM_LOCK: Final = 0x6461667461726932  # "daftari2"


@dataclass(frozen=True, slots=True)
class Leased:
    """A task that this worker has taken, until ``attempt.lease_id`` is not renewed any more."""

    queue: Queue
    payload: dict[str, Any]
    attempt: Attempt
    call: CallContext
    run_id: int | None


# Whether there is anything to do: asked several times a second, answered out of two partial indexes.
_ANYTHING: Final = """
select exists (select from unnest($1::text[]) as known (name) where exists (
           select from job_task where job_task.name = known.name and state in ('QUEUED', 'RETRYING') and run_after <= $2))
    or exists (select from job_task where state = 'RUNNING' and leased_until < clock_timestamp())
"""


async def anything_to_do(queues: Mapping[str, Queue]) -> bool:
    return bool(await fetchval(_ANYTHING, list(queues), clock.now()))


# What workers had that have died: to be tried again at once, or dead if that was the last attempt.
_RECOVER: Final = """
with lost as (
    select id, attempts >= max_attempts as was_last from job_task
    where state = 'RUNNING' and leased_until < clock_timestamp() order by id for update skip locked
), marked as (
    update job_run set outcome = 'LOST', finished_at = $1, error = $2 from lost
    where job_run.task_id = lost.id and job_run.outcome = 'RUNNING'
)
update job_task
set state = case when was_last then 'DEAD' else 'RETRYING' end, finished_at = case when was_last then $1::timestamptz end,
    lease_id = null, leased_until = null, last_error = $2, run_after = $1
from lost where job_task.id = lost.id
returning job_task.id, name, attempts, state
"""

# Up to as many of each kind as are free of its share, up to $4 in all, the most urgent first.
_TAKE: Final = """
with free as (
    select known.name, known.share - (select count(*) from job_task where name = known.name and state = 'RUNNING') as places
    from unnest($1::text[], $2::int[]) as known (name, share)
), next as (
    select waiting.id from free cross join lateral (
        select id, priority, run_after from job_task
        where name = free.name and state in ('QUEUED', 'RETRYING') and run_after <= $3
        order by priority desc, run_after, id limit greatest(free.places, 0) for update skip locked
    ) as waiting
    order by waiting.priority desc, waiting.run_after, waiting.id limit $4
)
update job_task
set state = 'RUNNING', attempts = attempts + 1, lease_id = gen_random_uuid(),
    leased_until = clock_timestamp() + $5, started_at = $3
from next where job_task.id = next.id
returning job_task.id, name, payload, attempts, max_attempts, lease_id, requested_by, correlation_id
"""

_BEGIN_RUN: Final = """
insert into job_run (name, task_id, attempt, started_at) values ($1, $2, $3, $4) returning id
"""


@retried
async def take(
    queues: Mapping[str, Queue], *, places: int, lease: timedelta, recorded: Collection[str] = ()
) -> list[Leased]:
    """Lease up to ``places`` tasks of these queues; attempts of those in ``recorded`` are written down as runs.

    One worker at a time, so that all of them together keep to the concurrency of each queue.
    """
    async with unit_of_work() as work:
        await work.execute("select pg_advisory_xact_lock($1)", _CLAIM_LOCK)
        now = clock.now()
        for row in await work.fetch(_RECOVER, now, WORKER_LOST):
            if row["state"] == "DEAD":
                _announce_death(work, row, WORKER_LOST)
        shares = [queue.concurrency for queue in queues.values()]
        rows = await work.fetch(_TAKE, list(queues), shares, now, places, lease)
        return [await _leased(work, queues[row["name"]], row, recorded, now) for row in rows]


async def _leased(work: Work, queue: Queue, row: asyncpg.Record, recorded: Collection[str], now: datetime) -> Leased:
    run_id = None
    if queue.name in recorded:
        run_id = await work.fetchval(_BEGIN_RUN, queue.name, row["id"], row["attempts"], now)
    return Leased(
        queue,
        row["payload"],
        Attempt(row["id"], row["lease_id"], row["attempts"], row["max_attempts"]),
        CallContext(correlation_id=row["correlation_id"], actor_id=row["requested_by"]),
        run_id,
    )


# A task whose handler is just ending it is locked by the handler's own unit of work, and must not hold up the others. What
# is read in the end is as it was before: the leases that nobody has taken away.
_RENEW: Final = """
with free as (
    select id from job_task where state = 'RUNNING' and lease_id = any ($1::uuid[]) order by id for update skip locked
), renewed as (
    update job_task set leased_until = clock_timestamp() + $2 from free where job_task.id = free.id
)
select lease_id from job_task where state = 'RUNNING' and lease_id = any ($1::uuid[])
"""


async def renew(lease_ids: Collection[UUID], lease: timedelta) -> set[UUID]:
    """Keep leases; returns those that are still ours. The others were cancelled or given to somebody else."""
    return {row["lease_id"] for row in await fetch(_RENEW, list(lease_ids), lease)}


_END_RUN: Final = (
    "update job_run set outcome = $2, finished_at = $3, error = $4, took_ms = $5 where id = $1 and outcome = 'RUNNING'"
)


@retried
async def end_well(leased: Leased, *, took_ms: int) -> None:
    """The handler has returned: the task is done, unless it was completed, cancelled or taken over meanwhile.

    Earlier dead ones of a scheduled job are cancelled then: the job has caught up.
    """
    async with unit_of_work() as work:
        now = clock.now()
        await work.execute(
            """update job_task set state = 'DONE', lease_id = null, leased_until = null, finished_at = $3
               where id = $1 and lease_id = $2""",
            leased.attempt.task_id,
            leased.attempt.lease_id,
            now,
        )
        if leased.run_id is not None:
            await work.execute(_END_RUN, leased.run_id, "DONE", now, None, took_ms)
            await _supersede(work, leased, now)


@retried
async def end_badly(leased: Leased, error: str, *, again_after: timedelta | None, took_ms: int) -> bool:
    """The handler has failed: again after a while, or dead when ``again_after`` is None. Returns whether it is dead."""
    async with unit_of_work() as work:
        now, dead = clock.now(), again_after is None
        row = await work.fetchrow(
            """update job_task
               set state = $3, lease_id = null, leased_until = null, last_error = $4, run_after = $5, finished_at = $6
               where id = $1 and lease_id = $2 returning id, name, attempts""",
            leased.attempt.task_id,
            leased.attempt.lease_id,
            "DEAD" if dead else "RETRYING",
            error[:MAX_ERROR_LENGTH],
            now + (again_after or timedelta()),
            now if dead else None,
        )
        if leased.run_id is not None:
            await work.execute(_END_RUN, leased.run_id, "FAILED", now, error[:MAX_ERROR_LENGTH], took_ms)
        if row is None or not dead:
            return False
        if leased.run_id is not None:
            await _supersede(work, leased, now)
        _announce_death(work, row, error)
        return True


@retried
async def put_off(leased: Leased, error: str, *, again_after: timedelta, took_ms: int) -> None:
    """The database turned everybody away: the attempt does not count, and the next one comes after a while."""
    async with unit_of_work() as work:
        now = clock.now()
        await work.execute(
            """update job_task set state = 'RETRYING', attempts = attempts - 1, lease_id = null, leased_until = null,
                   last_error = $3, run_after = $4
               where id = $1 and lease_id = $2""",
            leased.attempt.task_id,
            leased.attempt.lease_id,
            error[:MAX_ERROR_LENGTH],
            now + again_after,
        )
        if leased.run_id is not None:
            await work.execute(_END_RUN, leased.run_id, "FAILED", now, error[:MAX_ERROR_LENGTH], took_ms)


@retried
async def give_back(leased: Leased, *, took_ms: int) -> None:
    """The worker stops in the midst of an attempt: it does not count, and another worker may begin at once."""
    async with unit_of_work() as work:
        await work.execute(
            """update job_task set state = 'QUEUED', attempts = attempts - 1, lease_id = null, leased_until = null
               where id = $1 and lease_id = $2""",
            leased.attempt.task_id,
            leased.attempt.lease_id,
        )
        if leased.run_id is not None:
            await work.execute(_END_RUN, leased.run_id, "CANCELLED", clock.now(), None, took_ms)


async def _supersede(work: Work, leased: Leased, now: datetime) -> None:
    """Of a scheduled job the newest dead task is worth keeping, and none once the job has succeeded again."""
    queue, task_id = leased.queue.name, leased.attempt.task_id
    rows = await work.fetch(
        """update job_task set state = 'CANCELLED', finished_at = $3
           where name = $1 and state = 'DEAD' and id <> $2 returning id""",
        queue,
        task_id,
        now,
    )
    if rows:
        ids = [row["id"] for row in rows]
        work.record(JobTasksSuperseded(task_ids=ids, queue=queue, superseded_by=task_id, superseded_at=now))


def _announce_death(work: Work, row: asyncpg.Record, error: str) -> None:
    work.record(
        JobTaskDied(
            task_id=row["id"],
            queue=row["name"],
            attempts=row["attempts"],
            error=error[:MAX_ERROR_LENGTH],
            died_at=clock.now(),
        )
    )
