"""What the school does when others announce something: whoever waits for a run is told when the work on it has ended."""

from __future__ import annotations

from uuid import UUID

from domain.events.event import LoggedEvent
from domain.events.listeners import listener
from domain.jobs.events import JobTaskDied, JobTaskDiscarded
from domain.jobs.models import JobTask
from domain.school.service.runs import QUEUE, fail_run

follower = listener("school")


@follower.on(JobTaskDied)
async def run_is_given_up(fact: JobTaskDied, logged: LoggedEvent) -> None:
    if fact.queue == QUEUE:
        await _fail(fact.task_id, "it could not be done; somebody will look at it")


@follower.on(JobTaskDiscarded)
async def run_is_discarded(fact: JobTaskDiscarded, logged: LoggedEvent) -> None:
    if fact.queue == QUEUE:
        await _fail(fact.task_id, "the work on it was cancelled")


async def _fail(task_id: UUID, why: str) -> None:
    task = await JobTask.get_or_none(id=task_id)
    if task is not None:
        await fail_run(UUID(task.payload["run_id"]), why)
