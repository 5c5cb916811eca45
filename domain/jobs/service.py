"""What people do about work: try what has died again, give up on it, run a scheduled job now.

Rights are asked one floor up, where actors are known.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

import asyncpg

from domain.jobs.errors import JobNotFound, JobTaskFinished, JobTaskNotDead, JobTaskNotFound, JobTaskSuperseded
from domain.jobs.events import JobStartedByHand, JobTaskDiscarded, JobTaskRetried
from domain.jobs.models import JobTask, TaskState
from domain.jobs.schedules import enqueue_run, scheduled_jobs
from domain.kit import clock
from domain.kit.unit_of_work import retried, unit_of_work

BY_HAND_PRIORITY: Final = 10


@retried
async def retry_task(task_id: UUID, *, by: UUID) -> JobTask:
    """A dead task waits again, for as many attempts as at first."""
    async with unit_of_work() as work:
        task = await _locked(task_id)
        if task.state is not TaskState.DEAD:
            raise JobTaskNotDead(f"the task is {task.state.value}")
        now = clock.now()
        try:
            await work.execute(
                "update job_task set state = 'QUEUED', attempts = 0, run_after = $2, finished_at = null where id = $1",
                task_id,
                now,
            )
        except asyncpg.UniqueViolationError:
            raise JobTaskSuperseded("newer work with the same key is under way") from None
        work.record(JobTaskRetried(task_id=task_id, queue=task.name, retried_by=by, retried_at=now))
        return await JobTask.get(id=task_id)


@retried
async def discard_task(task_id: UUID, *, by: UUID) -> JobTask:
    """A task is not to be done any more. One that runs is cancelled as soon as its worker renews the lease."""
    async with unit_of_work() as work:
        task = await _locked(task_id)
        if task.state in (TaskState.DONE, TaskState.CANCELLED):
            raise JobTaskFinished(f"the task is {task.state.value}")
        now = clock.now()
        await work.execute(
            """update job_task set state = 'CANCELLED', lease_id = null, leased_until = null, finished_at = $2
               where id = $1""",
            task_id,
            now,
        )
        await work.execute(
            "update job_run set outcome = 'CANCELLED', finished_at = $2 where task_id = $1 and outcome = 'RUNNING'",
            task_id,
            now,
        )
        work.record(JobTaskDiscarded(task_id=task_id, queue=task.name, discarded_by=by, discarded_at=now))
        return await JobTask.get(id=task_id)


@retried
async def run_job_now(name: str, *, by: UUID) -> JobTask:
    """A scheduled job runs now, besides its schedule; if it is in the queue already, that is the answer."""
    job = scheduled_jobs().get(name)
    if job is None:
        raise JobNotFound("there is no scheduled job of this name")
    async with unit_of_work() as work:
        task_id = await enqueue_run(work, job, priority=BY_HAND_PRIORITY)
        work.record(JobStartedByHand(task_id=task_id, job=name, started_by=by, started_at=clock.now()))
        return await JobTask.get(id=task_id)


async def _locked(task_id: UUID) -> JobTask:
    task = await JobTask.select_for_update().get_or_none(id=task_id)
    if task is None:
        raise JobTaskNotFound("there is no such task")
    return task
