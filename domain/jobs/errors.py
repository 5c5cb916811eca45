"""Refusals of the queue."""

from __future__ import annotations

from domain.kit.errors import Conflict, NotFound


class JobTaskNotFound(NotFound):
    """There is no such task."""

    code = "JOB_TASK_NOT_FOUND"
    field = ("input", "taskId")


class JobNotFound(NotFound):
    """There is no scheduled job of this name."""

    code = "JOB_NOT_FOUND"
    field = ("input", "name")


class JobTaskNotDead(Conflict):
    """Only a task that has used up its attempts can be tried again by hand."""

    code = "JOB_TASK_NOT_DEAD"
    field = ("input", "taskId")


class JobTaskFinished(Conflict):
    """The task is done or cancelled already."""

    code = "JOB_TASK_FINISHED"
    field = ("input", "taskId")


class JobTaskSuperseded(Conflict):
    """Newer work with the same key is under way."""

    code = "JOB_TASK_SUPERSEDED"
    field = ("input", "taskId")
