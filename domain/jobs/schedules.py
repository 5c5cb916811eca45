"""Scheduled jobs: when each is due, and how a due one becomes a task of the queue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from croniter import croniter

from domain.jobs.queue import Attempt, Payload, Queue, enqueue
from domain.kit import clock
from domain.kit.database import execute, fetchval
from domain.kit.jobs import Job, every_job
from domain.kit.unit_of_work import Work, retried, unit_of_work

BY_THE_CLOCK: Final = "schedule"
"""The key under which a scheduled job is in the queue: once, however often it falls due meanwhile."""

ATTEMPTS: Final = 3
RETRY_DELAY_S: Final = 5.0
RUN_LIMIT_S: Final = 3_600.0


def queue_of(job: Job) -> Queue:
    """A scheduled job as a kind of work. It never runs beside itself, and is tried a few times before its next due time."""

    async def handle(payload: Payload, attempt: Attempt) -> object:
        return await job.run()

    return Queue(
        job.name,
        handle,
        job.purpose,
        max_attempts=ATTEMPTS,
        concurrency=1,
        retry_delay_s=RETRY_DELAY_S,
        timeout_s=RUN_LIMIT_S,
    )


def scheduled_jobs() -> dict[str, Job]:
    return {job.name: job for job in every_job()}


def next_due(expression: str, after: datetime) -> datetime:
    """The first moment after ``after`` that a cron expression means, in UTC."""
    due: datetime = croniter(expression, after).get_next(datetime)
    return due


async def announce_schedules() -> None:
    """Write down when each job is due next. Those that fell due while no worker was there stay due.

    A due time more than a whole period ahead was written by a clock that went ahead, and is put right; by less the clocks of
    workers may differ.
    """
    now = clock.now()
    scheduled = [job for job in every_job() if job.schedule is not None]
    dues = [next_due(str(job.schedule), now) for job in scheduled]
    await execute(
        """insert into job_schedule (name, expression, due_at, updated_at)
           select name, expression, due_at, $4 from unnest($1::text[], $2::text[], $3::timestamptz[])
               as schedule (name, expression, due_at)
           order by name
           on conflict (name) do update
           set expression = excluded.expression, due_at = excluded.due_at, updated_at = excluded.updated_at
           where job_schedule.expression <> excluded.expression""",
        [job.name for job in scheduled],
        [job.schedule for job in scheduled],
        dues,
        now,
    )
    await execute(
        """update job_schedule set due_at = schedule.due_at, updated_at = $4
           from unnest($1::text[], $2::timestamptz[], $3::timestamptz[]) as schedule (name, due_at, latest)
           where job_schedule.name = schedule.name and job_schedule.due_at > latest""",
        [job.name for job in scheduled],
        dues,
        [next_due(str(job.schedule), due) for job, due in zip(scheduled, dues, strict=True)],
        now,
    )


@retried
async def enqueue_due(jobs: Mapping[str, Job]) -> int:
    """Put what is due into the queue; returns how many. What fell due several times is run once."""
    now = clock.now()
    if not await fetchval(
        "select exists (select from job_schedule where due_at <= $1 and name = any ($2))", now, list(jobs)
    ):
        return 0
    async with unit_of_work() as work:
        rows = await work.fetch(
            "select name from job_schedule where due_at <= $1 and name = any ($2) order by name for update skip locked",
            now,
            list(jobs),
        )
        for row in rows:
            job = jobs[row["name"]]
            await enqueue_run(work, job)
            await work.execute(
                "update job_schedule set due_at = $2, updated_at = $3 where name = $1",
                job.name,
                next_due(str(job.schedule), now),
                now,
            )
    return len(rows)


async def enqueue_run(work: Work, job: Job, *, priority: int = 0) -> UUID:
    """One run of a job, now; the run that is open already, if there is one."""
    return await enqueue(work, queue_of(job), {}, dedupe_key=BY_THE_CLOCK, priority=priority)
