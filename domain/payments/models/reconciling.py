"""Comparisons of payments with what was said of them, and what did not agree."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.models import Model

from domain.payments.states import (
    DiscrepancyStatus,
    DiscrepancyType,
    ReconStatus,
    ReconTrigger,
    Resolution,
    Severity,
)


class Reconciliation(Model):
    """One comparison of a payment with all that was said of it, after asking the provider if it ``asks``.

    Each of ``issues`` has the fields of an Issue.
    """

    id = fields.UUIDField(primary_key=True)
    payment_id = fields.UUIDField()
    trigger = fields.CharEnumField(ReconTrigger, max_length=18)
    status = fields.CharEnumField(ReconStatus, max_length=11)
    asks = fields.BooleanField(default=False)
    due_at = fields.DatetimeField()
    queued_at = fields.DatetimeField()
    started_at = fields.DatetimeField(null=True)
    finished_at = fields.DatetimeField(null=True)
    attempts = fields.IntField(default=0)
    next_attempt_at = fields.DatetimeField(null=True)
    processing_ms = fields.IntField(null=True)
    transaction_id = fields.CharField(max_length=12, null=True)
    severity = fields.CharEnumField(Severity, max_length=6, null=True)
    issues: Any = fields.JSONField(default=list)
    requested_by = fields.UUIDField(null=True)
    error = fields.CharField(max_length=300, null=True)
    correlation_id = fields.UUIDField()

    class Meta:
        table = "reconciliation"


class Discrepancy(Model):
    """Something that does not agree, of a payment or of a receipt that nobody knows."""

    id = fields.UUIDField(primary_key=True)
    serial = fields.BigIntField(generated=True)
    number = fields.CharField(max_length=20, generated=True)
    payment_id = fields.UUIDField(null=True)
    receipt = fields.CharField(max_length=12, null=True)
    type = fields.CharEnumField(DiscrepancyType, max_length=20)
    severity = fields.CharEnumField(Severity, max_length=6)
    urgency = fields.SmallIntField(generated=True)
    message = fields.CharField(max_length=300)
    expected = fields.CharField(max_length=200, null=True)
    received = fields.CharField(max_length=200, null=True)
    status = fields.CharEnumField(DiscrepancyStatus, max_length=8)
    assigned_to = fields.UUIDField(null=True)
    assigned_at = fields.DatetimeField(null=True)
    resolution = fields.CharEnumField(Resolution, max_length=15, null=True)
    note = fields.CharField(max_length=500, default="")
    resolved_by = fields.UUIDField(null=True)
    resolved_at = fields.DatetimeField(null=True)
    found_at = fields.DatetimeField()
    last_found_at = fields.DatetimeField()
    reconciliation_id = fields.UUIDField(null=True)
    branch_id = fields.UUIDField(null=True)
    version = fields.IntField(default=1)

    class Meta:
        table = "discrepancy"

    @property
    def is_open(self) -> bool:
        return self.status is not DiscrepancyStatus.RESOLVED
