"""What the queue announces: not each task, but what a person should look at, and what a person did about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.events.event import Event, event


class _ToOperators(Event):
    def topics(self) -> Iterable[str]:
        return ("jobs",)

    def audience(self) -> Iterable[str]:
        return ("permission:JOBS_READ",)


@event("jobs.task_died")
@dataclass(frozen=True, kw_only=True)
class JobTaskDied(_ToOperators):
    """A task has used up its attempts, or its handler gave up; it waits for a person."""

    task_id: UUID
    queue: str
    attempts: int
    error: str
    died_at: datetime


@event("jobs.task_retried")
@dataclass(frozen=True, kw_only=True)
class JobTaskRetried(_ToOperators):
    """Somebody has a dead task tried again, from its first attempt on."""

    task_id: UUID
    queue: str
    retried_by: UUID
    retried_at: datetime


@event("jobs.task_discarded")
@dataclass(frozen=True, kw_only=True)
class JobTaskDiscarded(_ToOperators):
    """Somebody has cancelled a task for good."""

    task_id: UUID
    queue: str
    discarded_by: UUID
    discarded_at: datetime


@event("jobs.tasks_superseded")
@dataclass(frozen=True, kw_only=True)
class JobTasksSuperseded(_ToOperators):
    """A scheduled job has run again: what it could not do before is worth nothing any more."""

    task_ids: list[UUID]
    queue: str
    superseded_by: UUID
    superseded_at: datetime


@event("jobs.job_started_by_hand")
@dataclass(frozen=True, kw_only=True)
class JobStartedByHand(_ToOperators):
    """Somebody has a scheduled job run now, besides its schedule."""

    task_id: UUID
    job: str
    started_by: UUID
    started_at: datetime


@event("jobs.parked_event_retried")
@dataclass(frozen=True, kw_only=True)
class ParkedEventRetried(_ToOperators):
    """Somebody has let a listener hear an event again that it could not bear before, and it could now."""

    parked_event_id: int
    listener: str
    position: int
    retried_by: UUID
    retried_at: datetime
