"""Conversations with borrowers, and steps to get back what is overdue."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from domain.kit.money import Money, MoneyOf
from domain.lending.states import (
    CommunicationChannel,
    CommunicationDirection,
    RecoveryActionKind,
    RecoveryActionStatus,
    RecoverySubject,
)


class CommunicationLog(Model):
    """A note of what was said between staff and a borrower."""

    id = fields.UUIDField(primary_key=True)
    loan_id = fields.UUIDField(null=True)
    borrower_id = fields.UUIDField()
    borrower_name = fields.CharField(max_length=120)
    branch_id = fields.UUIDField()
    channel = fields.CharEnumField(CommunicationChannel, max_length=7)
    direction = fields.CharEnumField(CommunicationDirection, max_length=8)
    subject = fields.CharField(max_length=200)
    body = fields.CharField(max_length=4000)
    outcome = fields.CharField(max_length=500, default="")
    promised_on = fields.DateField(null=True)
    promised_minor = fields.BigIntField(null=True)
    currency = fields.CharField(max_length=3, null=True)
    follow_up_on = fields.DateField(null=True)
    spoken_at = fields.DatetimeField()
    logged_by_id = fields.UUIDField()
    logged_by_name = fields.CharField(max_length=120)
    logged_at = fields.DatetimeField()

    class Meta:
        table = "communication_log"

    @property
    def promised_amount(self) -> Money | None:
        return None if self.promised_minor is None or self.currency is None else Money(self.promised_minor, self.currency)


class RecoveryAction(Model):
    """A step to get back what is overdue, of a loan or of an invoice."""

    id = fields.UUIDField(primary_key=True)
    subject_kind = fields.CharEnumField(RecoverySubject, max_length=7)
    subject_id = fields.UUIDField()
    subject_number = fields.CharField(max_length=60)
    loan_id = fields.UUIDField(null=True)
    branch_id = fields.UUIDField(null=True)
    debtor_id = fields.UUIDField(null=True)
    debtor_name = fields.CharField(max_length=120)
    kind = fields.CharEnumField(RecoveryActionKind, max_length=17)
    status = fields.CharEnumField(RecoveryActionStatus, max_length=11)
    note = fields.CharField(max_length=2000)
    assigned_to_id = fields.UUIDField(null=True)
    due_on = fields.DateField()
    currency = fields.CharField(max_length=3)
    overdue_minor = fields.BigIntField()
    promised_minor = fields.BigIntField(null=True)
    recovered_minor = fields.BigIntField(default=0)
    outcome = fields.CharField(max_length=2000, default="")
    created_by_id = fields.UUIDField()
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    started_at = fields.DatetimeField(null=True)
    ended_by_id = fields.UUIDField(null=True)
    ended_at = fields.DatetimeField(null=True)
    revision = fields.IntField(default=1)

    class Meta:
        table = "recovery_action"

    overdue_amount = MoneyOf("overdue_minor")

    @property
    def promised_amount(self) -> Money | None:
        return None if self.promised_minor is None else Money(self.promised_minor, self.currency)

    recovered_amount = MoneyOf("recovered_minor")
