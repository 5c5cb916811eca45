"""How the work stands: each job and queue, single tasks, runs. Who may look is asked one floor up, where
actors are known.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.jobs.models import JobRun, JobTask, RunOutcome, TaskState
from domain.jobs.queue import every_queue
from domain.jobs.schedules import scheduled_jobs
from domain.kit import clock
from domain.kit.database import Record, fetch, fetchval
from domain.kit.matching import matching
from domain.kit.paging import Page, PageRequest, page_of


@dataclass(frozen=True, slots=True, kw_only=True)
class JobStatus:
    """One scheduled job (``schedule`` is its cron expression) or queue. ``waiting_since`` is when the task that has waited
    longest could have begun."""

    name: str
    purpose: str
    schedule: str | None
    due_at: datetime | None
    last_started_at: datetime | None
    last_finished_at: datetime | None
    last_outcome: RunOutcome | None
    last_error: str | None
    last_took_ms: int | None
    queued: int
    running: int
    retrying: int
    dead: int
    waiting_since: datetime | None
    waiting_s: int | None

    @property
    def is_troubled(self) -> bool:
        """Something is dead or tried again, or the last run did not end well."""
        return bool(self.dead or self.retrying) or self.last_outcome in (RunOutcome.FAILED, RunOutcome.LOST)


# Every count out of a partial index, the last run out of the newest row; tasks that are done are not read.
_STATUS: Final = """
select known.name, schedule.due_at, waiting.*, running.*, dead.*,
       coalesce(run.started_at, task.started_at) as last_started_at,
       coalesce(run.finished_at, task.finished_at) as last_finished_at,
       coalesce(run.outcome, task.outcome) as last_outcome,
       coalesce(run.error, task.error) as last_error,
       coalesce(run.took_ms, task.took_ms) as last_took_ms
from unnest($1::text[]) as known (name)
left join job_schedule schedule on schedule.name = known.name
cross join lateral (
    select count(*) filter (where state = 'QUEUED') as queued, count(*) filter (where state = 'RETRYING') as retrying,
           min(run_after) filter (where run_after <= $2) as waiting_since
    from job_task where name = known.name and state in ('QUEUED', 'RETRYING')
) as waiting
cross join lateral (
    select count(*) as running from job_task where name = known.name and state = 'RUNNING'
) as running
cross join lateral (
    select count(*) as dead from job_task where name = known.name and state = 'DEAD'
) as dead
left join lateral (
    select started_at, finished_at, outcome, error, took_ms from job_run where name = known.name order by id desc limit 1
) as run on true
left join lateral (
    select started_at, finished_at,
           case state when 'DONE' then 'DONE' when 'DEAD' then 'FAILED' else 'CANCELLED' end as outcome,
           case state when 'DEAD' then last_error end as error,
           (extract(epoch from finished_at - started_at) * 1000)::int as took_ms
    from job_task where name = known.name and finished_at is not null and started_at is not null
    order by finished_at desc limit 1
) as task on run is null
order by known.name
"""


async def job_status(names: Collection[str] | None = None) -> list[JobStatus]:
    """All jobs and queues of the house, or some of them, by name."""
    jobs = scheduled_jobs()
    purposes = {name: job.purpose for name, job in jobs.items()} | {queue.name: queue.purpose for queue in every_queue()}
    known = sorted(name for name in purposes if names is None or name in names)
    now = clock.now()
    rows = await fetch(_STATUS, known, now)
    schedules = {name: job.schedule for name, job in jobs.items()}
    return [_status(row, purposes[row["name"]], schedules.get(row["name"]), now) for row in rows]


def _status(row: Record, purpose: str, schedule: str | None, now: datetime) -> JobStatus:
    since = row["waiting_since"]
    return JobStatus(
        name=row["name"],
        purpose=purpose,
        schedule=schedule,
        due_at=row["due_at"] if schedule is not None else None,
        last_started_at=row["last_started_at"],
        last_finished_at=row["last_finished_at"],
        last_outcome=RunOutcome(row["last_outcome"]) if row["last_outcome"] else None,
        last_error=row["last_error"],
        last_took_ms=row["last_took_ms"],
        queued=row["queued"],
        running=row["running"],
        retrying=row["retrying"],
        dead=row["dead"],
        waiting_since=since,
        waiting_s=None if since is None else int((now - since).total_seconds()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class JobBoard:
    """How all the work in the background stands at one moment. ``parked`` counts events that a listener could not bear."""

    taken_at: datetime
    jobs: Sequence[JobStatus]
    parked: int

    @property
    def dead(self) -> int:
        return sum(job.dead for job in self.jobs)


async def job_board(*, names: Collection[str] | None = None, troubled_only: bool = False) -> JobBoard:
    """All jobs and queues, or those named, or only those where something is wrong."""
    jobs = await job_status(names)
    return JobBoard(
        taken_at=clock.now(),
        jobs=[job for job in jobs if job.is_troubled or not troubled_only],
        parked=await fetchval("select count(*) from parked_event where resolved_at is null"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFilter:
    """Which tasks: those that fit all that is said."""

    name: str | None = None
    states: Sequence[TaskState] | None = None
    correlation_id: UUID | None = None


async def job_tasks(page: PageRequest, wanted: TaskFilter) -> Page[JobTask]:
    """Tasks, the newest first."""
    tasks = JobTask.all()
    if wanted.name is not None:
        tasks = tasks.filter(matching(JobTask, name=wanted.name))
    if wanted.states is not None:
        tasks = tasks.filter(state__in=[state.value for state in wanted.states])
    if wanted.correlation_id is not None:
        tasks = tasks.filter(correlation_id=wanted.correlation_id)
    return await page_of(tasks, page, "-created_at", "-id")


async def job_runs(page: PageRequest, *, name: str | None = None) -> Page[JobRun]:
    """Runs of scheduled jobs, the newest first."""
    return await page_of(JobRun.all() if name is None else JobRun.filter(matching(JobRun, name=name)), page, "-id")
