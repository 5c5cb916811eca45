"""What reports do when their task ends without them: whoever waits for the report is told that it will not come."""

from __future__ import annotations

from uuid import UUID

from domain.events.event import LoggedEvent
from domain.events.listeners import listener
from domain.jobs.events import JobTaskDied, JobTaskDiscarded
from domain.kit.unit_of_work import unit_of_work
from domain.reports.models import Report
from domain.reports.service.making import fail
from domain.reports.service.requesting import MAKE

reports = listener("reports")


@reports.on(JobTaskDied)
async def give_up(fact: JobTaskDied, logged: LoggedEvent) -> None:
    if fact.queue == MAKE:
        await _fail(fact.task_id, "REPORT_FAILED", "the report could not be made; somebody will look at it")


@reports.on(JobTaskDiscarded)
async def cancel(fact: JobTaskDiscarded, logged: LoggedEvent) -> None:
    if fact.queue == MAKE:
        await _fail(fact.task_id, "REPORT_CANCELLED", "the report was cancelled")


async def _fail(task_id: UUID, code: str, message: str) -> None:
    async with unit_of_work() as work:
        report = await Report.get_or_none(task_id=task_id)
        if report is not None:
            work.record(*await fail(report.id, code, message))
