"""What is done for many: a run with a result for each, so that it can be taken up again wherever it was stopped."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.models import Model

from domain.school.states import SchoolRunKind, SchoolRunStatus


class SchoolRun(Model):
    """``total`` is for how many it is, ``counts`` how many of each outcome there are by now."""

    id = fields.UUIDField(primary_key=True)
    serial = fields.BigIntField(generated=True)
    number = fields.CharField(max_length=24, generated=True)
    kind = fields.CharEnumField(SchoolRunKind, max_length=10)
    status = fields.CharEnumField(SchoolRunStatus, max_length=9)
    parameters: fields.Field[dict[str, Any]] = fields.JSONField()
    total = fields.IntField()
    counts: fields.Field[dict[str, int]] = fields.JSONField(default=dict)
    branch_id = fields.UUIDField(null=True)
    failure = fields.CharField(max_length=500, default="")
    requested_by_id = fields.UUIDField()
    requested_at = fields.DatetimeField()
    started_at = fields.DatetimeField(null=True)
    finished_at = fields.DatetimeField(null=True)
    correlation_id = fields.UUIDField()

    class Meta:
        table = "school_run"

    @property
    def done_count(self) -> int:
        """How many have a result."""
        return sum(self.counts.values())


class SchoolRunResult(Model):
    """What a run did for one: a student, or a fee. In the database its key is the run and the subject.

    ``record_id`` is what was made: an enrolment, a fee. ``reason`` and ``message`` say why nothing was.
    """

    id = fields.UUIDField(primary_key=True)
    run_id = fields.UUIDField()
    subject_id = fields.UUIDField()
    position = fields.IntField()
    outcome = fields.CharField(max_length=20)
    reason = fields.CharField(max_length=60, null=True)
    record_id = fields.UUIDField(null=True)
    message = fields.CharField(max_length=300, default="")
    at = fields.DatetimeField()

    class Meta:
        table = "school_run_result"
