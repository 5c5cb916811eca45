"""Work in the background about statements and days: importing, looking for what a statement lacks, closing a day."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from domain.events.event import LoggedEvent
from domain.events.listeners import listener
from domain.jobs.events import JobTaskDied, JobTaskDiscarded
from domain.jobs.models import JobTask
from domain.jobs.queue import Attempt, Payload, queued
from domain.kit.jobs import job
from domain.payments.service.daily import SETTLE_DAY, reconcile_ended_days, settle_day
from domain.payments.service.statement_gaps import look_for_missing
from domain.payments.service.statement_work import LOOK_FOR_MISSING, give_up, work_through
from domain.payments.service.statements import WORK_THROUGH

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


@queued(
    SETTLE_DAY,
    purpose="Reconcile what does not agree of a day's payments, when somebody asks for the day's report.",
    concurrency=1,
    timeout_s=1_800.0,
)
async def settle_a_day(payload: Payload, attempt: Attempt) -> str:
    return await settle_day(date.fromisoformat(payload["on_date"]), requested_by=UUID(payload["requested_by"]))


QUEUES = (work_through_statement, look_for_what_is_missing, settle_a_day)


@job(
    "payments.daily",
    schedule="10 21 * * *",
    purpose="Reconcile the day that has ended in East Africa, ten minutes after midnight there, and keep its figures.",
)
async def reconcile_the_day() -> str:
    return await reconcile_ended_days()


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
