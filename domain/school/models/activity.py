"""What people did at the school: the log, and the archive that old activities go to."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.models import Model


class _Activity(Model):
    """``data`` are the figures of then. Of no branch is what concerns the whole school."""

    id = fields.UUIDField(primary_key=True)
    at = fields.DatetimeField()
    actor_id = fields.UUIDField(null=True)
    activity = fields.CharField(max_length=60)
    subject_kind = fields.CharField(max_length=40)
    subject_id = fields.UUIDField()
    student_id = fields.UUIDField(null=True)
    branch_id = fields.UUIDField(null=True)
    title = fields.CharField(max_length=200)
    data: fields.Field[dict[str, Any]] = fields.JSONField(default=dict)
    correlation_id = fields.UUIDField()

    class Meta:
        abstract = True


class UserActivity(_Activity):
    """Something that somebody did; written once."""

    class Meta:
        table = "user_activity_log"


class ArchivedActivity(_Activity):
    """An activity that has left the log."""

    class Meta:
        table = "user_activity_archive"
