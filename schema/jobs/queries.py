"""Reading how the work in the background stands."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.events.models import ParkedEvent as ParkedEventRow
from domain.identity import job_desk
from domain.identity.permissions import Permission
from domain.jobs import models
from domain.jobs.queries import JobBoard as JobBoardRow
from domain.kit.paging import Page, PageRequest
from schema.jobs.inputs import JobTaskFilter
from schema.jobs.types import JobBoard, JobRun, JobTask, ParkedEvent
from schema.kit import Info, argument, listing, query

Names = Annotated[list[str] | None, argument("Only the jobs and queues of these names.")]
TroubledOnly = Annotated[bool, argument("Only those where something is dead or tried again, or the last run went wrong.")]


@strawberry.type
class Query:
    @query(
        JobBoard,
        "How the work in the background stands: schedules, queues, what is dead.",
        requires=Permission.JOBS_READ,
    )
    async def job_status(self, info: Info, names: Names = None, troubled_only: TroubledOnly = False) -> JobBoardRow:
        return await job_desk.job_board(info.context.actor, names=names, troubled_only=troubled_only)

    @listing(JobTask, "Single pieces of work, the newest first.", requires=Permission.JOBS_READ)
    async def job_tasks(
        self, info: Info, page: PageRequest, filter: Annotated[JobTaskFilter | None, argument("Only some of them.")] = None
    ) -> Page[models.JobTask]:
        return await job_desk.job_tasks(info.context.actor, page, (filter or JobTaskFilter()).parse())

    @listing(JobRun, "Runs of scheduled jobs, the newest first; of each job the last ones.", requires=Permission.JOBS_READ)
    async def job_runs(
        self, info: Info, page: PageRequest, name: Annotated[str | None, argument("Only runs of this job.")] = None
    ) -> Page[models.JobRun]:
        return await job_desk.job_runs(info.context.actor, page, name=name)

    @listing(ParkedEvent, "Events that a listener could not bear, the newest first.", requires=Permission.JOBS_READ)
    async def parked_events(
        self,
        info: Info,
        page: PageRequest,
        resolved: Annotated[bool, argument("Those that were heard in the end, instead of those that wait.")] = False,
    ) -> Page[ParkedEventRow]:
        return await job_desk.parked_events(info.context.actor, page, resolved=resolved)
