"""The desk of those who look after the work in the background: they see it, try it again, give it up, start it now.

The queue lies a floor below, where nobody knows of actors; so their rights are asked here.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from domain.events import parked
from domain.events.models import ParkedEvent
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.jobs import queries, service
from domain.jobs.events import ParkedEventRetried
from domain.jobs.models import JobRun, JobTask
from domain.jobs.queries import JobBoard, TaskFilter
from domain.kit import clock
from domain.kit.paging import Page, PageRequest
from domain.kit.reading import rows_by_id
from domain.kit.unit_of_work import retried, unit_of_work


async def job_board(actor: Actor, *, names: Collection[str] | None = None, troubled_only: bool = False) -> JobBoard:
    """Every scheduled job and queue, or some of them, and how the work in it stands."""
    actor.require(Permission.JOBS_READ)
    return await queries.job_board(names=names, troubled_only=troubled_only)


async def job_tasks(actor: Actor, page: PageRequest, wanted: TaskFilter) -> Page[JobTask]:
    """Single pieces of work, the newest first."""
    actor.require(Permission.JOBS_READ)
    return await queries.job_tasks(page, wanted)


job_tasks_by_id = rows_by_id(JobTask, permission=Permission.JOBS_READ)
"""Several tasks, none for whoever may not see them."""


async def job_runs(actor: Actor, page: PageRequest, *, name: str | None = None) -> Page[JobRun]:
    """Runs of scheduled jobs, the newest first."""
    actor.require(Permission.JOBS_READ)
    return await queries.job_runs(page, name=name)


job_runs_by_id = rows_by_id(JobRun, permission=Permission.JOBS_READ)
"""Several runs, none for whoever may not see them."""

parked_events_by_id = rows_by_id(ParkedEvent, permission=Permission.JOBS_READ)
"""Several parked events, none for whoever may not see them."""


async def parked_events(actor: Actor, page: PageRequest, *, resolved: bool = False) -> Page[ParkedEvent]:
    """Events that a listener could not bear, the newest first."""
    actor.require(Permission.JOBS_READ)
    return await parked.parked_events(page, resolved=resolved)


async def retry_job_task(actor: Actor, *, task_id: UUID) -> JobTask:
    """Have a dead task tried again."""
    actor.require(Permission.JOBS_MANAGE)
    return await service.retry_task(task_id, by=actor.id)


async def discard_job_task(actor: Actor, *, task_id: UUID) -> JobTask:
    """Give a task up for good."""
    actor.require(Permission.JOBS_MANAGE)
    return await service.discard_task(task_id, by=actor.id)


async def run_job_now(actor: Actor, *, name: str) -> JobTask:
    """Start a scheduled job now."""
    actor.require(Permission.JOBS_MANAGE)
    return await service.run_job_now(name, by=actor.id)


@retried
async def retry_parked_event(actor: Actor, *, parked_event_id: int) -> ParkedEvent:
    """Let a listener hear an event again that it could not bear before."""
    actor.require(Permission.JOBS_MANAGE)
    async with unit_of_work() as work:
        heard = await parked.hear_again(parked_event_id)
        work.record(
            ParkedEventRetried(
                parked_event_id=heard.id,
                listener=heard.listener,
                position=heard.position,
                retried_by=actor.id,
                retried_at=clock.now(),
            )
        )
    return heard
