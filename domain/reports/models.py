"""Reports that were asked for, and schedules by which they are made again and again."""

from __future__ import annotations

from enum import Enum
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model


class ReportFormat(str, Enum):
    """What a report is made as: rows for other programs, a workbook, or a paper."""

    CSV = "CSV"
    XLSX = "XLSX"
    PDF = "PDF"


class ReportState(str, Enum):
    """Where a report stands."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"


class ReportPeriod(str, Enum):
    """A stretch of days that follows from the day on which a report is made; weeks begin on Monday."""

    PREVIOUS_DAY = "PREVIOUS_DAY"
    PREVIOUS_WEEK = "PREVIOUS_WEEK"
    PREVIOUS_MONTH = "PREVIOUS_MONTH"
    MONTH_TO_DATE = "MONTH_TO_DATE"
    YEAR_TO_DATE = "YEAR_TO_DATE"


class Report(Model):
    """A report that somebody asked for, or a schedule of theirs did at ``due_at``; then others may read it too.

    ``rows_total`` is None while nobody knows how many rows there will be.
    """

    id = fields.UUIDField(primary_key=True)
    kind = fields.CharField(max_length=60)
    title = fields.CharField(max_length=120)
    parameters: fields.Field[dict[str, Any]] = fields.JSONField()
    format = fields.CharEnumField(ReportFormat, max_length=4)
    state = fields.CharEnumField(ReportState, max_length=7)
    progress_percent = fields.SmallIntField(default=0)
    rows_done = fields.IntField(default=0)
    rows_total = fields.IntField(null=True)
    requested_by = fields.UUIDField()
    task_id = fields.UUIDField()
    file_id = fields.UUIDField(null=True)
    error_code = fields.CharField(max_length=60, null=True)
    error = fields.CharField(max_length=500, null=True)
    schedule_id = fields.UUIDField(null=True)
    due_at = fields.DatetimeField(null=True)
    shared_with: fields.Field[list[UUID]] = ArrayField("uuid", default=list)
    created_at = fields.DatetimeField()
    started_at = fields.DatetimeField(null=True)
    finished_at = fields.DatetimeField(null=True)

    class Meta:
        table = "report"


class ReportSchedule(Model):
    """A report that is made whenever ``cron`` (five fields, UTC) says, in its owner's name; over once it is cancelled.

    ``parameters`` are those that stay the same; with a ``period`` the days are those of when it is made.
    """

    id = fields.UUIDField(primary_key=True)
    kind = fields.CharField(max_length=60)
    title = fields.CharField(max_length=120)
    parameters: fields.Field[dict[str, Any]] = fields.JSONField()
    period = fields.CharEnumField(ReportPeriod, max_length=16, null=True)
    format = fields.CharEnumField(ReportFormat, max_length=4)
    cron = fields.CharField(max_length=100)
    owner_id = fields.UUIDField()
    mailed_to: fields.Field[list[UUID]] = ArrayField("uuid", default=list)
    next_at = fields.DatetimeField(null=True)
    last_at = fields.DatetimeField(null=True)
    last_report_id = fields.UUIDField(null=True)
    last_error_code = fields.CharField(max_length=60, null=True)
    last_error = fields.CharField(max_length=500, null=True)
    created_at = fields.DatetimeField()
    cancelled_at = fields.DatetimeField(null=True)
    cancelled_by = fields.UUIDField(null=True)

    class Meta:
        table = "report_schedule"
