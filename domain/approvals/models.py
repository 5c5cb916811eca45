"""Requests for approval."""

from __future__ import annotations

from enum import Enum

from tortoise import fields
from tortoise.models import Model

from domain.kit.money import Money


class ApprovalStatus(str, Enum):
    """Where a request stands. All but the first are final."""

    PENDING = "PENDING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"


class Approval(Model):
    """Something that waits for a second person, or how that person decided."""

    id = fields.UUIDField(primary_key=True)
    kind = fields.CharField(max_length=40)
    subject_id = fields.UUIDField()
    title = fields.CharField(max_length=200)
    amount_minor = fields.BigIntField(null=True)
    currency = fields.CharField(max_length=3, null=True)
    branch_id = fields.UUIDField(null=True)
    requested_by = fields.UUIDField()
    requested_at = fields.DatetimeField()
    status = fields.CharEnumField(ApprovalStatus, max_length=9)
    decided_by = fields.UUIDField(null=True)
    decided_at = fields.DatetimeField(null=True)
    comment = fields.CharField(max_length=1000, null=True)

    class Meta:
        table = "approval"

    @property
    def amount(self) -> Money | None:
        return None if self.amount_minor is None or self.currency is None else Money(self.amount_minor, self.currency)

    @property
    def pending(self) -> bool:
        return self.status is ApprovalStatus.PENDING
