"""Tasks, and the runs of scheduled jobs."""

from __future__ import annotations

from enum import Enum
from typing import Any, Final

from tortoise import fields
from tortoise.models import Model


class TaskState(str, Enum):
    """Where a task stands. DEAD has used up its attempts: it waits for a person to retry or discard it."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    RETRYING = "RETRYING"
    DONE = "DONE"
    DEAD = "DEAD"
    CANCELLED = "CANCELLED"


OPEN: Final = (TaskState.QUEUED, TaskState.RUNNING, TaskState.RETRYING)
"""States of work that is still to be done."""


class RunOutcome(str, Enum):
    """What came of a run. LOST says that the worker died in the midst of it."""

    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"
    LOST = "LOST"
    CANCELLED = "CANCELLED"


class JobTask(Model):
    """A piece of work that can wait. ``attempts`` counts those that began, also one that a dying worker never ended."""

    id = fields.UUIDField(primary_key=True)
    name = fields.CharField(max_length=100)
    payload: fields.Field[dict[str, Any]] = fields.JSONField()
    state = fields.CharEnumField(TaskState, max_length=9)
    priority = fields.SmallIntField()
    run_after = fields.DatetimeField()
    attempts = fields.IntField()
    max_attempts = fields.IntField()
    lease_id = fields.UUIDField(null=True)
    leased_until = fields.DatetimeField(null=True)
    last_error = fields.TextField(null=True)
    dedupe_key = fields.CharField(max_length=200, null=True)
    requested_by = fields.UUIDField(null=True)
    correlation_id = fields.UUIDField()
    created_at = fields.DatetimeField()
    started_at = fields.DatetimeField(null=True)
    finished_at = fields.DatetimeField(null=True)

    class Meta:
        table = "job_task"


class JobRun(Model):
    """One attempt of a scheduled job."""

    id = fields.BigIntField(primary_key=True)
    name = fields.CharField(max_length=100)
    task_id = fields.UUIDField()
    attempt = fields.IntField()
    started_at = fields.DatetimeField()
    finished_at = fields.DatetimeField(null=True)
    outcome = fields.CharEnumField(RunOutcome, max_length=9)
    error = fields.TextField(null=True)
    took_ms = fields.IntField(null=True)

    class Meta:
        table = "job_run"
