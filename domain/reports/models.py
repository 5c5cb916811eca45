"""Reports that were asked for."""

from __future__ import annotations

from enum import Enum
from typing import Any

from tortoise import fields
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


class Report(Model):
    """A report that somebody asked for. ``rows_total`` is None while nobody knows how many rows there will be."""

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
    created_at = fields.DatetimeField()
    started_at = fields.DatetimeField(null=True)
    finished_at = fields.DatetimeField(null=True)

    class Meta:
        table = "report"
