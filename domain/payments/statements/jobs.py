"""Work in the background about statements: importing them, and looking for what they lack."""

from __future__ import annotations

from uuid import UUID

from domain.events.event import LoggedEvent
from domain.events.listeners import listener
from domain.jobs.events import JobTaskDied, JobTaskDiscarded
from domain.jobs.models import JobTask
from domain.jobs.queue import Attempt, Payload, queued
from domain.payments.service.statements import WORK_THROUGH
from domain.payments.statements.gaps import look_for_missing
from domain.payments.statements.work import LOOK_FOR_MISSING, give_up, work_through

BROKEN = "the import broke off; somebody will look at it"
DISCARDED = "the import was given up"


@queued(
    WORK_THROUGH,
    purpose="Work through statements of the M-Pesa account that people import.",
    max_attempts=10,
    concurrency=2,
    timeout_s=1_800.0,
)
async def work_through_statement(payload: Payload, attempt: Attempt) -> str:
    return await work_through(UUID(payload["import_id"]), attempt)


@queued(
    LOOK_FOR_MISSING,
    purpose="Look for payments that an imported statement should tell of, and does not.",
    max_attempts=10,
    concurrency=1,
    timeout_s=1_800.0,
)
async def look_for_what_is_missing(payload: Payload, attempt: Attempt) -> str:
    return await look_for_missing(UUID(payload["import_id"]), attempt)


QUEUES = (work_through_statement, look_for_what_is_missing)


endings = listener("payments.statements")


@endings.on(JobTaskDied)
async def say_that_it_broke_off(fact: JobTaskDied, logged: LoggedEvent) -> None:
    if fact.queue == WORK_THROUGH:
        await _end(fact.task_id, BROKEN)


@endings.on(JobTaskDiscarded)
async def say_that_it_was_given_up(fact: JobTaskDiscarded, logged: LoggedEvent) -> None:
    if fact.queue == WORK_THROUGH:
        await _end(fact.task_id, DISCARDED)


async def _end(task_id: UUID, problem: str) -> None:
    task = await JobTask.get_or_none(id=task_id)
    if task is not None:
        await give_up(UUID(task.payload["import_id"]), problem)
